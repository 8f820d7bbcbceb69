"""Ours, step by step as the cases ask: the kernel as services use it."""
