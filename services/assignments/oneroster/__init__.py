"""A school's roster taken over: OneRoster 1.2 CSV, whole (bulk) or what changed (delta)."""
