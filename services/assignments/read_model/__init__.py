"""What can be asked: tables, and queries that are named for their question."""
