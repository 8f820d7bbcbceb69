"""How long a completed track certifies, and when it may and should be renewed."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shared.contracts.training.certification import CertificationGranted


@dataclass(frozen=True, slots=True)
class Renewing:
    """The window before the last day in which renewing loses no time, and the day by which to have renewed."""

    window_days: int = 90
    renew_before_days: int = 14


USUAL = Renewing()
"""Where no programme says otherwise."""


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; None is for good. `renews` is the period that this one follows without a gap."""

    valid_from: date
    valid_until: date | None
    renews: UUID | None
    window_opens_on: date | None
    renew_by: date | None


def period(
    held: Iterable[CertificationGranted], completed_on: date, months: int | None, renewing: Renewing
) -> Period:
    """What completing a track on that day certifies, for who holds these periods of it.

    Renewing early loses no time. The window keeps anybody from piling up years in one week.
    """
    last = max((one for one in held if one.valid_until), key=_last_day, default=None)
    start, renews = completed_on, None
    if last is not None:
        end = _last_day(last)
        if completed_on <= end <= completed_on + timedelta(days=renewing.window_days):
            start, renews = end + timedelta(days=1), last.certification_id
    until = None if months is None else months_after(start, months) - timedelta(days=1)
    return bounded(start, until, renews, renewing)


def bounded(start: date, until: date | None, renews: UUID | None, renewing: Renewing) -> Period:
    """That period, with its window and the day to renew by, as far as they lie within it."""
    if until is None:
        return Period(start, None, renews, None, None)
    opens = max(start, until - timedelta(days=renewing.window_days))
    renew_by = until - timedelta(days=renewing.renew_before_days)
    return Period(start, until, renews, opens, renew_by if renew_by >= start else None)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last_day(held: CertificationGranted) -> date:
    assert held.valid_until is not None
    return held.valid_until
