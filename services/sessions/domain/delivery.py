"""Provision specified against contact delivered, and where the difference went, to the minute."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from services.sessions.domain.child_history import ChildHistory, Contact
from shared.contracts.school_days import SchoolDays

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WEEKDAYS = 5
"""Of a school week: a day's share of the provision is a fifth."""

GapKind: TypeAlias = Literal[
    "shorter_than_planned",
    "missed",
    "cancelled",
    "paused",
    "voided",
    "log_awaited",
    "still_to_come",
    "no_mentor",
    "not_timetabled",
    "planned_beyond_provision",
]


class Gap(NamedTuple):
    """Minutes that were specified and not delivered, for one reason; negative when it was more than planned."""

    kind: GapKind
    by: str | None
    reason: str | None
    minutes: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A span of days. specified_minutes - delivered_minutes = undelivered_minutes = the sum of the gaps."""

    starts_on: date
    ends_on: date
    school_days: int
    specified_minutes: int
    planned_minutes: int
    delivered_minutes: int
    verified_minutes: int
    gaps: tuple[Gap, ...]

    @property
    def undelivered_minutes(self) -> int:
        return self.specified_minutes - self.delivered_minutes


def weeks(since: date, until: date) -> tuple[tuple[date, date], ...]:
    """The span cut at Mondays; first and last day of each part, both included."""
    parts, day = [], since
    while day <= until:
        sunday = day + (6 - day.weekday()) * DAY
        parts.append((day, min(sunday, until)))
        day = sunday + DAY
    return tuple(parts)


def deliver(history: ChildHistory, school: SchoolDays, since: date, until: date, as_of: datetime) -> Delivery:
    """What was specified and delivered from `since` to `until`, both included, as of that moment."""
    days = [since + n * DAY for n in range((until - since).days + 1)]
    open_days = [day for day in days if school.no_school(day) is None]
    shares = {day: history.provision_on(day) for day in open_days}
    specified = sum(shares.values()) // WEEKDAYS
    contacts = [contact for contact in history.contacts.values() if since <= contact.day <= until]
    lost: dict[tuple[GapKind, str | None, str | None], list[int]] = defaultdict(list)
    planned: dict[date, int] = defaultdict(int)
    delivered = 0
    for contact, minutes in _own_minutes(contacts, as_of):
        planned[contact.day] += minutes
        delivered += contact.minutes
        if missing := minutes - contact.minutes:
            lost[_why(contact, as_of)].append(missing)
    gaps = [Gap(*why, sum(found), len(found)) for why, found in lost.items()]
    gaps += _unplanned(history, shares, planned, specified - sum(planned.values()))
    return Delivery(
        since,
        until,
        len(open_days),
        specified,
        sum(planned.values()),
        delivered,
        sum(contact.minutes for contact in contacts if contact.verified),
        _merged(gaps),
    )


def together(parts: Sequence[Delivery]) -> Delivery:
    """Parts that follow each other, as one: every number is the sum of theirs."""
    return Delivery(
        parts[0].starts_on,
        parts[-1].ends_on,
        sum(part.school_days for part in parts),
        sum(part.specified_minutes for part in parts),
        sum(part.planned_minutes for part in parts),
        sum(part.delivered_minutes for part in parts),
        sum(part.verified_minutes for part in parts),
        _merged(gap for part in parts for gap in part.gaps),
    )


def _own_minutes(contacts: Iterable[Contact], as_of: datetime) -> Iterable[tuple[Contact, int]]:
    """Each session with the planned minutes that no better one has taken.

    A session that was called off and one that covers it stand for the same time of the child: it counts once, for
    the one that was delivered, else for the one that may yet be.
    """
    order = {"delivered": 0, "begun": 1, "planned": 2, "missed": 3, "cancelled": 4, "voided": 5}
    taken: list[tuple[datetime, datetime]] = []
    for contact in sorted(
        contacts, key=lambda found: (order[found.state], found.starts_at, found.session_id)
    ):
        yield contact, _free(contact.starts_at, contact.ends_at, taken) // MINUTE
        taken.append((contact.starts_at, contact.ends_at))


def _free(since: datetime, until: datetime, taken: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """How much of the span none of these has."""
    free, at = timedelta(), since
    for begin, end in sorted(taken):
        if begin > at:
            free += max(min(begin, until) - at, timedelta())
        at = max(at, min(end, until))
    return free + max(until - at, timedelta())


def _why(contact: Contact, as_of: datetime) -> tuple[GapKind, str | None, str | None]:
    match contact.state:
        case "delivered":
            return "shorter_than_planned", None, None
        case "missed":
            return "missed", None, None
        case "voided":
            return "voided", None, None
        case "cancelled" if contact.reason == "assignment_paused":
            return "paused", None, None
        case "cancelled":
            return "cancelled", contact.cancelled_by, contact.reason
        case "begun" | "planned":
            return ("still_to_come" if contact.ends_at > as_of else "log_awaited"), None, None


def _unplanned(
    history: ChildHistory, shares: dict[date, int], planned: dict[date, int], minutes: int
) -> list[Gap]:
    """Why so many minutes were not even planned: by the days on which less than the day's share was."""
    if minutes <= 0:
        return [Gap("planned_beyond_provision", None, None, minutes, 0)] if minutes else []
    room: dict[GapKind, int] = {"paused": 0, "no_mentor": 0}
    away = history.away()
    for day, share in shares.items():
        short = max(share // WEEKDAYS - planned[day], 0)
        supports = history.supports.values()
        if any(away.why(heard.who, day) for heard in history.paused) or any(
            support.paused(day) for support in supports if support.effective_from <= day
        ):
            room["paused"] += short
        elif not any(support.covers(day) for support in supports):
            room["no_mentor"] += short
    gaps = []
    for kind, most in room.items():
        if share := min(most, minutes):
            gaps.append(Gap(kind, None, None, share, 0))
            minutes -= share
    return [*gaps, Gap("not_timetabled", None, None, minutes, 0)] if minutes else gaps


def _merged(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """One gap for each reason, the greatest first."""
    found: dict[tuple[GapKind, str | None, str | None], tuple[int, int]] = {}
    for gap in gaps:
        minutes, sessions = found.get(gap[:3], (0, 0))
        found[gap[:3]] = (minutes + gap.minutes, sessions + gap.sessions)
    merged = (Gap(*why, *numbers) for why, numbers in found.items())
    return tuple(sorted(merged, key=lambda gap: (-gap.minutes, gap.kind, gap.by or "", gap.reason or "")))
