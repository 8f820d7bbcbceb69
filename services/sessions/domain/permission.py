"""Whether this mentor may be with this child at that moment: the assignment and the gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.contracts.eligibility import Evidence, Shortfall, shortfalls
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class Support:
    """An assignment as heard of: support from `effective_from` up to, not including, `ended_on`."""

    assignment_id: UUID
    mentor_id: UUID
    child_id: UUID
    school_id: UUID
    effective_from: date
    ended_on: date | None = None

    def covers(self, on: date) -> bool:
        """Whether the mentor supports the child on that day."""
        return self.effective_from <= on and (self.ended_on is None or on < self.ended_on)


def school_day(at: datetime, time_zone: str) -> date:
    """The calendar day at the school. ZoneInfoNotFoundError or ValueError when there is no such time zone."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def check_assigned(support: Support | None, mentor_id: UUID, child_id: UUID, on: date) -> Support:
    """The assignment of this mentor and this child on that day. Refused when there is none."""
    if (
        support is not None
        and (support.mentor_id, support.child_id) == (mentor_id, child_id)
        and support.covers(on)
    ):
        return support
    message = f"This mentor is not assigned to this child on {on}; assign the mentor, or choose another day."
    raise Refused("no_active_assignment", message)


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


def _item(shortfall: Shortfall) -> Mapping[str, Any]:
    since = None if shortfall.since is None else shortfall.since.isoformat()
    return {"item": shortfall.item, "status": shortfall.status, "since": since, "detail": str(shortfall)}
