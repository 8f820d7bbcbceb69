"""Deliberate bugs, each put into a real service process, to see that the checker names it."""
