"""Ids and claims that follow from others, as the services derive them; tests hold them against the services."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from deploy.seed.history import Held

_COMPLIANCE = UUID("7d0f3d1c-4a57-5c1b-8f0e-2b9f6a3f5d10")
_MENTORS = UUID("5b8f6f0e-6a0d-5a6e-9d1c-5f0f5a3f8a01")
_PROGRAMMES = UUID("0a4be1a5-2a4d-5c1f-9c5e-6f5d9f1c7a21")
_PAYROLLS = UUID("708f25b5-1cf8-5fa1-87d7-41759b8b5b7b")
_CALENDARS = UUID("b962e5cc-dbe5-546f-b80b-c4665989ff34")


def school_id(urn: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:gias:{urn}")


def compliance_of(mentor_id: UUID) -> UUID:
    return uuid5(_COMPLIANCE, str(mentor_id))


def certification_of(enrolment_id: UUID) -> UUID:
    return uuid5(_COMPLIANCE, f"certification:{enrolment_id}")


def programme_of(role: str) -> UUID:
    return uuid5(_PROGRAMMES, role)


def calendar_id(scope: str, scope_key: str, school_year: int) -> UUID:
    return uuid5(_CALENDARS, f"{scope}/{scope_key}/{school_year}")


def payroll_id(region: str) -> UUID:
    return uuid5(_PAYROLLS, region)


def period_id(region: str, starts_on: date) -> UUID:
    return uuid5(payroll_id(region), starts_on.isoformat())


def recipient_of_mentor(mentor_id: UUID) -> UUID:
    return uuid5(_MENTORS, str(mentor_id))


def enrolment_claims(mentor_id: UUID, course_id: UUID, owner: UUID) -> tuple[Held, ...]:
    """A mentor is on a course once at a time."""
    return (Held(f"enrolment:{mentor_id}:{course_id}", None, None, owner),)


def course_claims(track: str, title: str, version: int, owner: UUID) -> tuple[Held, ...]:
    """A version number of a title is used once."""
    return (Held(f"course:{track}:{title.casefold()}:{version}", None, None, owner),)


def primary_claims(
    mentor_id: UUID,
    child_id: UUID,
    span: tuple[date, date | None],
    away: list[tuple[date, date | None]],
    owes_handover: bool,
    owner: UUID,
) -> list[Held]:
    """One primary at a time for child and mentor; on days `away` somebody else may be with the child."""
    since, until = span
    found = []
    if until is None or until > since:
        found += [
            _days(f"mentor:{mentor_id}", span, owner),
            _days(f"child:{child_id}", span, owner),
            _days(f"handover:{child_id}", (since, since + timedelta(days=1)), owner),
        ]
        found += [_days(f"with:{child_id}", there, owner) for there in _without(span, away)]
    if until is not None and owes_handover:
        found.append(_days(f"handover:{child_id}", (until, None), owner))
    return found


def cover_claims(
    child_id: UUID, left: set[date], mentor_id: UUID | None, taken: set[date], owner: UUID
) -> list[Held]:
    """One search a day; on the days that are taken nobody else is with the child or has the mentor."""
    found = [_days(f"asked:{child_id}", span, owner) for span in spans(left | taken)]
    for span in spans(taken):
        found += [_days(f"with:{child_id}", span, owner), _days(f"mentor:{mentor_id}", span, owner)]
    return found


def request_claims(child_id: UUID, owner: UUID) -> tuple[Held, ...]:
    """A child is asked for once at a time."""
    return (Held(f"asked-for:{child_id}", None, None, owner),)


def timetable_claims(assignment_id: UUID, since: date, ended_on: date | None, owner: UUID) -> list[Held]:
    """An assignment has one timetable at a time."""
    if ended_on is not None and ended_on <= since:
        return []
    return [_days(f"timetable:{assignment_id}", (since, ended_on), owner)]


def session_claims(
    mentor_id: UUID, child_id: UUID, starts_at: datetime, ends_at: datetime, owner: UUID
) -> tuple[Held, ...]:
    """Nobody is in two sessions at once."""
    return (
        Held(f"session:mentor:{mentor_id}", starts_at, ends_at, owner),
        Held(f"session:child:{child_id}", starts_at, ends_at, owner),
    )


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def spans(days: set[date]) -> list[tuple[date, date | None]]:
    """Days that follow each other as one span each."""
    found: list[tuple[date, date | None]] = []
    for day in sorted(days):
        if found and found[-1][1] == day:
            found[-1] = (found[-1][0], day + timedelta(days=1))
        else:
            found.append((day, day + timedelta(days=1)))
    return found


def _without(
    span: tuple[date, date | None], holes: list[tuple[date, date | None]]
) -> list[tuple[date, date | None]]:
    left: list[tuple[date, date | None]] = []
    since, until = span
    for begin, end in sorted(holes, key=lambda hole: hole[0]):
        if until is not None and begin >= until:
            break
        if begin > since:
            left.append((since, begin))
        if end is None:
            return left
        since = max(since, end)
    if until is None or since < until:
        left.append((since, until))
    return left


def _days(key: str, span: tuple[date, date | None], owner: UUID) -> Held:
    since, until = span
    return Held(key, _midnight(since), None if until is None else _midnight(until), owner)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
