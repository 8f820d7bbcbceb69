"""Deciding, recording, relaying, projecting. Knows nothing of mentors."""
