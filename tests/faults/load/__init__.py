"""Believable work for a system that is about to be hurt."""
