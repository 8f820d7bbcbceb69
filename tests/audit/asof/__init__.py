"""Answers as known at a moment."""
