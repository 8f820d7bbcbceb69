"""Damage on purpose, for development: what somebody with every key of the house could do to a bundle or a ledger."""
