"""Replaying: regions as they were, and read models from the ledger's bytes."""
