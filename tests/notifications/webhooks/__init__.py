"""Webhooks: facts sent to addresses outside the house."""
