"""How long a completed track certifies."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from shared.contracts.eligibility import Evidence

RENEWAL_WINDOW = timedelta(days=90)
"""Completing within so many days before the expiry renews it: the new period runs from the old one's end."""


def period(held: Iterable[Evidence], completed_on: date, months: int | None) -> tuple[date, date | None]:
    """First and last day certified by completing a track on that day, for who holds these proofs of it.

    Renewing early loses no time. The window keeps anybody from piling up years in one week.
    """
    ends = [proof.valid_until for proof in held if proof.valid_until and not proof.withdrawn_on]
    last = max(ends, default=None)
    start = completed_on
    if last is not None and completed_on <= last <= completed_on + RENEWAL_WINDOW:
        start = last + timedelta(days=1)
    return start, None if months is None else months_after(start, months) - timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
