"""Whether this mentor may be with this child at that moment: the assignment and the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.contracts.eligibility import Evidence, Shortfall, shortfalls
from shared.contracts.words.support import Role
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class Pause:
    """No support from `paused_from` up to, not including, `resumed_on`; None: not resumed yet."""

    paused_from: date
    resumed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """An assignment as heard of: support from `effective_from` up to, not including, `ended_on`.

    Cover also ends before `effective_until`, and when its `days` are known it is for those days only. On the days
    `aside`, since the moment named, somebody else is looked for, and the mentor does not come; what should have
    begun before is still the mentor's, and what took place can be logged.
    """

    assignment_id: UUID
    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    effective_from: date
    ended_on: date | None = None
    role: Role = "primary"
    effective_until: date | None = None
    days: frozenset[date] | None = None
    pauses: tuple[Pause, ...] = ()
    aside: Mapping[date, datetime] = field(default_factory=dict)

    def covers(self, on: date) -> bool:
        """Whether the mentor supports the child on that day."""
        return (
            self.effective_from <= on
            and (self.ended_on is None or on < self.ended_on)
            and (self.effective_until is None or on < self.effective_until)
            and (self.days is None or on in self.days)
            and not self.paused(on)
        )

    def paused(self, on: date) -> bool:
        """Whether support was interrupted on that day."""
        return any(
            pause.paused_from <= on and (pause.resumed_on is None or on < pause.resumed_on)
            for pause in self.pauses
        )


def school_day(at: datetime, time_zone: str) -> date:
    """The calendar day at the school. ZoneInfoNotFoundError or ValueError when there is no such time zone."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def check_assigned(support: Support | None, mentor_id: UUID, child_id: UUID, on: date) -> Support:
    """The assignment of this mentor and this child on that day. Refused when there is none."""
    if support is None or (support.mentor_id, support.child_id) != (mentor_id, child_id):
        raise _unassigned(on)
    if support.covers(on):
        return support
    if support.paused(on):
        message = f"This assignment is paused on {on}; resume it first, or choose another day."
        raise Refused("assignment_paused", message)
    if support.days is not None and support.effective_from <= on:
        message = f"This mentor covers on other days than {on}; ask for cover on that day."
        raise Refused("no_active_assignment", message)
    raise _unassigned(on)


def check_not_aside(support: Support, on: date, begins_at: datetime) -> None:
    """Refused when somebody else covers what begins on that day; what should have begun before is the mentor's."""
    if on in support.aside and begins_at >= support.aside[on]:
        message = f"Somebody covers for this mentor on {on}; cancel the cover first, or choose another day."
        raise Refused("mentor_stands_aside", message)


def check_deployable(evidence: tuple[Evidence, ...], on: date) -> None:
    """Refused, naming each missing item and its date, when the mentor may not be with a child on that day."""
    lacking = shortfalls(evidence, on)
    if lacking:
        named = ", ".join(str(shortfall) for shortfall in lacking)
        message = (
            f"This mentor may not be with a child on {on}: {named}. Renew these, or choose another mentor."
        )
        raise Refused(
            "mentor_not_deployable", message, items=tuple(_item(shortfall) for shortfall in lacking)
        )


def _unassigned(on: date) -> Refused:
    message = f"This mentor is not assigned to this child on {on}; assign the mentor, or choose another day."
    return Refused("no_active_assignment", message)


def _item(shortfall: Shortfall) -> Mapping[str, Any]:
    since = None if shortfall.since is None else shortfall.since.isoformat()
    return {"item": shortfall.item, "status": shortfall.status, "since": since, "detail": str(shortfall)}
