"""Whole systems hurt under load, healed, and examined by a checker that shares no code with them."""
