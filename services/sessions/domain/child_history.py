"""What is known of a child's support up to a moment: folded from facts in the order in which they were recorded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from services.sessions.domain.away import Away, Heard, News
from services.sessions.domain.permission import Pause, Support, school_day
from shared.contracts.words.sessions import CancelledBy, CancelReason

Told: TypeAlias = Mapping[str, Any]
ContactState: TypeAlias = Literal["planned", "begun", "delivered", "missed", "cancelled", "voided"]


class Provision(NamedTuple):
    """So many minutes a school week, from that day on."""

    effective_from: date
    minutes_per_week: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A session as it is known: when it was planned, and what became of it."""

    session_id: UUID
    day: date
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    state: ContactState = "planned"
    minutes: int = 0
    verified: bool = False
    cancelled_by: CancelledBy | None = None
    reason: CancelReason | None = None


@dataclass(slots=True)
class ChildHistory:
    """Provisions in the order in which they were specified; assignments and sessions by their ids."""

    provisions: list[Provision] = field(default_factory=list)
    supports: dict[UUID, Support] = field(default_factory=dict)
    contacts: dict[UUID, Contact] = field(default_factory=dict)
    paused: list[Heard] = field(default_factory=list)

    def provision_on(self, day: date) -> int:
        """Minutes a school week by what was specified last for that day; 0 when nothing was."""
        found = [provision for provision in self.provisions if provision.effective_from <= day]
        return found[-1].minutes_per_week if found else 0

    def away(self) -> Away:
        return Away(self.paused)


def fold(child_id: UUID, facts: Iterable[tuple[str, Told]]) -> ChildHistory:
    """The history from (name of the fact, what it told)."""
    history = ChildHistory()
    for name, told in facts:
        if name in _PAUSES:
            news, at = _PAUSES[name]
            history.paused.append(Heard(child_id, news, date.fromisoformat(told[at])))
        elif name == "ProvisionSpecified":
            since = date.fromisoformat(told["effective_from"])
            history.provisions.append(Provision(since, told["minutes_per_week"]))
        elif "session_id" in told:
            _contact(history.contacts, name, told)
        else:
            _support(history.supports, name, told)
    return history


_PAUSES: Mapping[str, tuple[News, str]] = {
    "ChildPaused": ("child_paused", "paused_from"),
    "ChildExited": ("child_paused", "exited_on"),
    "ChildResumed": ("child_back", "resumed_on"),
    "ChildReopened": ("child_back", "reopened_on"),
}


def _support(supports: dict[UUID, Support], name: str, told: Told) -> None:
    assignment_id = UUID(told["assignment_id"])
    if name == "MentorAssigned":
        until = told.get("effective_until")
        supports[assignment_id] = Support(
            assignment_id,
            UUID(told["mentor_id"]),
            UUID(told["child_id"]),
            UUID(told["school_id"]),
            date.fromisoformat(told["effective_from"]),
            role=told["role"],
            effective_until=date.fromisoformat(until) if until else None,
        )
        return
    known = supports.get(assignment_id)
    if known is None:
        return
    match name:
        case "AssignmentEnded":
            known = replace(known, ended_on=date.fromisoformat(told["ended_on"]))
        case "AssignmentPaused":
            known = replace(known, pauses=(*known.pauses, Pause(date.fromisoformat(told["paused_from"]))))
        case "AssignmentResumed" if known.pauses:
            last = replace(known.pauses[-1], resumed_on=date.fromisoformat(told["resumed_on"]))
            known = replace(known, pauses=(*known.pauses[:-1], last))
        case _:
            return
    supports[assignment_id] = known


def _contact(contacts: dict[UUID, Contact], name: str, told: Told) -> None:
    session_id = UUID(told["session_id"])
    if name == "SessionScheduled":
        contacts[session_id] = Contact(session_id, **_times(told))
        return
    known = contacts.get(session_id)
    if known is None:
        return
    match name:
        case "SessionRescheduled":
            known = replace(known, **_times(told))
        case "SessionStarted":
            known = replace(known, state="begun")
        case "SessionLogged":
            known = replace(known, state="delivered", minutes=told["contact_minutes"])
        case "SessionApproved" | "SessionAmended":
            known = replace(known, state="delivered", minutes=told["contact_minutes"], verified=True)
        case "SessionMissed":
            known = replace(known, state="missed")
        case "SessionCancelled":
            by, reason = told["cancelled_by"], told["reason"]
            known = replace(known, state="cancelled", cancelled_by=by, reason=reason)
        case "SessionVoided":
            known = replace(known, state="voided", minutes=0, verified=False)
        case _:
            return
    contacts[session_id] = known


def _times(told: Told) -> dict[str, Any]:
    starts_at, ends_at = datetime.fromisoformat(told["starts_at"]), datetime.fromisoformat(told["ends_at"])
    zone = told["time_zone"]
    return {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "time_zone": zone,
        "day": school_day(starts_at, zone),
    }
