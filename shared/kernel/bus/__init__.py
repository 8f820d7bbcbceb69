"""Carrying facts: from the store to the stream, and from the stream to whoever listens."""
