"""Bundles, from ledgers made in memory."""
