"""Snapshots for analysts: the facts of one moment as tables, under pseudonyms, then what follows, without a gap."""
