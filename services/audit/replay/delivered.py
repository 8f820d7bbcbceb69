"""What was specified for a child against what was delivered, week by week, with the reasons for the gap."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.audit.replay import primaries
from services.audit.replay.primaries import Primaries
from shared.contracts.assignments.child import ProvisionSpecified
from shared.contracts.fact import Fact
from shared.contracts.sessions.calendar import CalendarPublished
from shared.contracts.sessions.ladder import SessionMissed
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.recorded import Recorded

TYPES: tuple[type[Fact], ...] = (
    ProvisionSpecified,
    SessionScheduled,
    SessionRescheduled,
    SessionStarted,
    SessionLogged,
    SessionAmended,
    SessionCancelled,
    SessionMissed,
    SessionVoided,
)
WEEKDAYS = 5
DAY = timedelta(days=1)


@dataclass
class Contact:
    """One session: what was planned, what came of it, and why not if it did not."""

    planned: SessionScheduled | SessionRescheduled
    minutes: int = 0
    why_not: str | None = "awaiting_log"
    gone: bool = False

    def meets(self, other: "Contact") -> bool:
        """Whether the two were planned for some of the same time."""
        mine, others = self.planned, other.planned
        return mine.starts_at < others.ends_at and others.starts_at < mine.ends_at

    @property
    def planned_minutes(self) -> int:
        return int((self.planned.ends_at - self.planned.starts_at).total_seconds() // 60)

    @property
    def day(self) -> date:
        return self.planned.starts_at.astimezone(ZoneInfo(self.planned.time_zone)).date()


@dataclass
class Delivery:
    """One child's provisions and sessions, and who was to be with it."""

    provisions: list[ProvisionSpecified] = field(default_factory=list)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    primaries: Primaries = field(default_factory=Primaries)

    def specified(self, on: date) -> int:
        """Minutes a week that were to be given on that day; of two for the same day the later recorded counts."""
        effective = [one for one in self.provisions if one.effective_from <= on]
        return (
            max(reversed(effective), key=lambda one: one.effective_from).minutes_per_week if effective else 0
        )


def fold(facts: Iterable[Recorded[Any]]) -> Delivery:
    """Take in the facts of one child in the order in which they were recorded."""
    kept = list(facts)
    found = Delivery(primaries=primaries.fold(kept))
    for recorded in kept:
        _take(found, recorded.fact)
    return found


def _take(child: Delivery, fact: Fact) -> None:
    contacts = child.contacts
    match fact:
        case ProvisionSpecified():
            child.provisions.append(fact)
        case SessionScheduled():
            contacts[fact.session_id] = Contact(fact)
        case SessionRescheduled() if fact.session_id in contacts:
            contacts[fact.session_id].planned = fact
        case SessionStarted() if fact.session_id in contacts:
            contacts[fact.session_id].why_not = "awaiting_log"
            contacts[fact.session_id].gone = False
        case SessionLogged() | SessionAmended() if fact.session_id in contacts:
            contacts[fact.session_id].minutes, contacts[fact.session_id].why_not = fact.contact_minutes, None
        case SessionCancelled() if fact.session_id in contacts:
            why = f"cancelled by {fact.cancelled_by}: {fact.reason}"
            contacts[fact.session_id].minutes, contacts[fact.session_id].why_not = 0, why
            contacts[fact.session_id].gone = True
        case SessionMissed() if fact.session_id in contacts:
            contacts[fact.session_id].minutes, contacts[fact.session_id].why_not = 0, f"missed: {fact.why}"
            contacts[fact.session_id].gone = True
        case SessionVoided() if fact.session_id in contacts:
            contacts[fact.session_id].minutes = 0
            contacts[fact.session_id].why_not = f"voided: {fact.reason_code}"
            contacts[fact.session_id].gone = True
        case _:
            pass


def school_days(calendars: Sequence[CalendarPublished], keys: dict[str, str]) -> "SchoolDays":
    """The days of a school, whose keys are given by scope, the narrowest last: region, local authority, school."""
    newest: dict[tuple[str, int], CalendarPublished] = {}
    for one in calendars:
        if keys.get(one.scope) == one.scope_key:
            newest[one.scope, one.school_year] = one
    return SchoolDays(newest, tuple(reversed(keys)))


@dataclass(frozen=True)
class SchoolDays:
    """Which days were school days. Where no calendar is on record every weekday counts, and the answer says so."""

    calendars: dict[tuple[str, int], CalendarPublished]
    narrowest_first: tuple[str, ...]

    def known(self, on: date) -> bool:
        return any((scope, _school_year(on)) in self.calendars for scope in self.narrowest_first)

    def __contains__(self, on: date) -> bool:
        if on.isoweekday() > WEEKDAYS:
            return False
        found = [self.calendars.get((scope, _school_year(on))) for scope in self.narrowest_first]
        here = [one for one in found if one is not None]
        if any(closure.on == on for one in here for closure in one.closures):
            return False
        terms = next((one.terms for one in here if one.terms), ())
        return not terms or any(term.starts_on <= on <= term.ends_on for term in terms)


def _school_year(on: date) -> int:
    return on.year if on.month >= 8 else on.year - 1


def gap(child: Delivery, days: SchoolDays, since: date, until: date) -> dict[str, Any]:
    """Specified, planned and delivered minutes of [since, until), and every reason with the minutes it cost."""
    weeks, reasons = [], Counter[str]()
    monday = since - timedelta(days=since.weekday())
    totals: Counter[str] = Counter()
    by_week: dict[date, list[Contact]] = defaultdict(list)
    for one in child.contacts.values():
        if since <= (day := one.day) < until:
            by_week[day - timedelta(days=day.weekday())].append(one)
    while monday < until:
        within = [day for n in range(7) if since <= (day := monday + n * DAY) < until]
        due = [day for day in within if day in days and not child.primaries.has_left(day)]
        week = _week(child, due, by_week[monday], reasons)
        totals.update(week)
        weeks.append({"week": monday.isoformat(), **week})
        monday += 7 * DAY
    undelivered = totals["specified"] - totals["delivered"]
    return {
        "weeks": weeks,
        **{name: totals[name] for name in ("specified", "planned", "delivered")},
        "undelivered": undelivered,
        "reasons": [{"why": why, "minutes": minutes} for why, minutes in reasons.most_common() if minutes],
        "calendar_known": all(days.known(since + n * DAY) for n in range(0, (until - since).days, 28)),
    }


def _week(child: Delivery, due: list[date], contacts: list[Contact], reasons: Counter[str]) -> dict[str, int]:
    specified = sum(child.specified(day) for day in due) // WEEKDAYS
    here = _once(contacts)
    planned, delivered = sum(one.planned_minutes for one in here), sum(one.minutes for one in here)
    for one in here:
        lost = one.planned_minutes - one.minutes
        if lost < 0:
            reasons["longer than planned"] += lost
        elif lost > 0:
            reasons[one.why_not or "shorter than planned"] += lost
    if specified > planned:
        _not_planned(child, due, specified - planned, reasons)
    elif planned > specified:
        reasons["planned beyond what was specified"] -= planned - specified
    return {"specified": specified, "planned": planned, "delivered": delivered}


def _not_planned(child: Delivery, due: list[date], left: int, reasons: Counter[str]) -> None:
    """Days on which nobody was to be with the child account for theirs; only for the rest there is no reason."""
    for day in due:
        why = None if child.primaries.there(day) else child.primaries.gap(day)
        owed = min(left, child.specified(day) // WEEKDAYS) if why else 0
        reasons[f"not planned: {why}"] += owed
        left -= owed
    reasons["not planned"] += left


def _once(contacts: Sequence[Contact]) -> list[Contact]:
    """Each time once: what did not take place counts for nothing where another was planned for that time instead."""
    return [
        one
        for place, one in enumerate(contacts)
        if not one.gone
        or not any(
            one.meets(other) and (not other.gone or later > place)
            for later, other in enumerate(contacts)
            if other is not one
        )
    ]
