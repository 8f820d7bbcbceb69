"""Webhooks: facts sent to addresses outside the house, signed, each until it is taken."""
