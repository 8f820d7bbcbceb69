"""The times at which a timetable wants a session: each slot of each school day, with whom, or why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from services.sessions.domain.away import Away, Why
from services.sessions.domain.local_time import at_school
from services.sessions.domain.permission import Support
from services.sessions.domain.slots import Version, slots_on, version_on
from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.school_days import SchoolDays

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

Hindrance: TypeAlias = Literal[
    "no_calendar",
    "school_closed",
    "no_assignment",
    "assignment_paused",
    "child_paused",
    "child_absent",
    "stood_aside",
    "mentor_on_leave",
    "mentor_absent",
    "mentor_not_deployable",
    "no_such_time",
]


@dataclass(frozen=True, slots=True)
class Known:
    """All that decides what a timetable is made into. `versions` in the order in which they were set.

    `supports` are all of the child; `evidence` is what each of their mentors can show. Cover is given by the
    child's `newest` timetable also after its end: that is when a mentor has left.
    """

    timetable_id: UUID
    assignment_id: UUID
    child_id: UUID
    versions: Sequence[Version]
    ended_on: date | None
    expanded_until: date
    newest: bool
    supports: Sequence[Support]
    away: Away
    school: SchoolDays
    evidence: Mapping[UUID, tuple[Evidence, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A slot on a day. Without `support` there is nobody; with a `hindrance` no session is wanted, and why."""

    key: str
    day: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    support: Support | None
    hindrance: Hindrance | None
    detail: str = ""

    def session_id(self, timetable_id: UUID, nth: int = 0) -> UUID:
        """The same for the same timetable, day and slot. `nth` counts those made before and called off since."""
        return uuid5(timetable_id, f"{self.key}/{nth}" if nth else self.key)


def occasions(known: Known, since: date, today: date) -> Iterator[Occasion]:
    """Every slot on the school days from `since` up to the horizon. `today` is the day the gate is asked for."""
    day = since
    while day < known.expanded_until:
        cover = cover_on(known, day)
        version = version_on(known.versions, day)
        if version is not None and (cover is not None or _in_force(known, day)):
            yield from _of_day(known, version, day, cover, today)
        day += DAY


def cover_on(known: Known, day: date) -> Support | None:
    """Who stands in for the child's own mentor on that day."""
    if not known.newest and not _in_force(known, day):
        return None
    covers = (found for found in known.supports if found.role == "cover" and found.covers(day))
    return next(covers, None)


def own_support(known: Known) -> Support | None:
    """The assignment that the timetable belongs to."""
    return next((found for found in known.supports if found.assignment_id == known.assignment_id), None)


def _in_force(known: Known, day: date) -> bool:
    return known.ended_on is None or day < known.ended_on


def _of_day(
    known: Known, version: Version, day: date, cover: Support | None, today: date
) -> Iterator[Occasion]:
    support = cover or own_support(known)
    closed = known.school.no_school(day)
    if closed is not None and closed.why == "weekend":
        closed = None  # whoever sets a slot on a Saturday of the term means it
    if closed is not None and closed.why == "outside_term":
        return
    hindrance: Hindrance | None
    if closed is not None:
        hindrance, detail = ("no_calendar" if closed.why == "no_calendar" else "school_closed"), str(closed)
    else:
        hindrance, detail = _hindrance(known, support, day, today)
    for number, slot in slots_on(version, day):
        starts_at = at_school(day, slot.starts, version.time_zone)
        key = f"{day.isoformat()}/{number}"
        if cover is not None:
            key += f"/{cover.assignment_id}"
        if starts_at is not None:
            ends_at = starts_at + slot.minutes * MINUTE
            yield Occasion(key, day, starts_at, ends_at, version.time_zone, support, hindrance, detail)


def _hindrance(known: Known, support: Support | None, day: date, today: date) -> tuple[Hindrance | None, str]:
    if support is None or not support.covers(day):
        if support is not None and support.paused(day):
            return "assignment_paused", "the assignment is paused; resume it"
        return "no_assignment", "nobody is assigned to the child on that day; assign a mentor"
    if day in support.aside:
        return "stood_aside", "somebody is looked for who covers that day"
    for who in (known.child_id, support.mentor_id):
        if why := known.away.why(who, day):
            return why, _AWAY[why]
    lacking = shortfalls(known.evidence.get(support.mentor_id, ()), today)
    if lacking:
        return "mentor_not_deployable", ", ".join(str(shortfall) for shortfall in lacking)
    return None, ""


_AWAY: Mapping[Why, str] = {
    "child_absent": "the child is absent",
    "child_paused": "the child's support rests; resume it",
    "mentor_absent": "the mentor is absent; ask for cover",
    "mentor_on_leave": "the mentor is on leave; ask for cover",
}
