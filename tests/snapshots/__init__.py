"""Snapshots for analysts."""
