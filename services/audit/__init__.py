"""Audit: every fact of every service, byte for byte, and what was known when."""
