"""When a delivery that was not taken is tried again, and when an address is given up."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1),
)  # fmt: skip

PAUSES = (
    5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY, DAY,
)  # fmt: skip
"""Before each further attempt: twelve attempts within a little more than four days."""
MOST_ATTEMPTS = len(PAUSES) + 1
JITTER = 0.1
"""How much longer a pause may be, as a part of it: those that failed together do not come back together."""
LONGEST_WISH = DAY
"""A receiver that asks for more patience (Retry-After) gets no more than this."""

WARNED_AFTER, DISABLED_AFTER = 3 * DAY, 5 * DAY
"""Of nothing but failures."""

BREAKS_AFTER = 3
"""Failures in a row after which only one delivery at a time is tried, to see whether somebody is there."""
PROBES = (5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE)
"""Between two such trials; the last stays."""

KEPT = 30 * DAY
"""How long the bytes, the deliveries and their attempts are kept after a delivery is over."""


def next_attempt(
    event_id: UUID, attempt: int, at: datetime, wished: timedelta | None = None
) -> datetime | None:
    """When to try again after this attempt (from 1) failed; None when it was the last.

    The jitter follows from the event: the same asked again is the same. `wished` is the receiver's Retry-After.
    """
    if attempt >= MOST_ATTEMPTS:
        return None
    pause = PAUSES[max(attempt, 1) - 1]
    chance = int.from_bytes(sha256(f"{event_id}:{attempt}".encode()).digest()[:4]) / 2**32
    pause += pause * JITTER * chance
    if wished is not None:
        pause = max(pause, min(wished, LONGEST_WISH))
    return at + pause


def next_probe(failures: int, at: datetime, wished: timedelta | None = None) -> datetime | None:
    """Before when an address that failed this often in a row is not tried; None: whenever something is due."""
    asked = at + min(wished, LONGEST_WISH) if wished is not None else None
    if failures < BREAKS_AFTER:
        return asked
    pause = PROBES[min(failures - BREAKS_AFTER, len(PROBES) - 1)]
    return max(at + pause, asked) if asked else at + pause
