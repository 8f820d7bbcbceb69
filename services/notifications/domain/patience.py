"""How long a channel that fails is tried again: soon at first, then ever more rarely, and not for ever."""

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
ATTEMPTS = 20
"""With these a mail server may be away for two and a half days (a weekend) and nothing is lost."""


def wait_after(attempt: int) -> timedelta:
    """The wait after this attempt (1 is the first) failed: it doubles up to the longest."""
    doublings = min(attempt - 1, 16)
    wait: timedelta = FIRST_WAIT * 2**doublings
    return min(wait, LONGEST_WAIT)


def retry_at(attempt: int, failed_at: datetime) -> datetime | None:
    """When to try again after this attempt failed, or None when it was the last."""
    return failed_at + wait_after(attempt) if attempt < ATTEMPTS else None
