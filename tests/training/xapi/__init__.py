"""Statements of learning systems."""
