"""The state of one child on a day, as known at a moment: folded from the facts that were on record then."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.audit.replay import lifecycles, primaries
from services.audit.replay.compliance import Mentor
from services.audit.replay.lifecycles import Since
from services.audit.replay.primaries import Primaries, Support
from shared.contracts.assignments.child import ProvisionSpecified
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import NotificationAcknowledged, NotificationRequested
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.kernel.recorded import Recorded

FOLD = "child-state/5"
"""Changes whenever the same facts would give another answer."""

LAST_NOTIFICATIONS = 5


@dataclass
class Child:
    """What the facts say of a child, before it is asked for one day."""

    child_id: UUID
    school_id: UUID | None = None
    statuses: list[Since] = field(default_factory=list)
    provisions: list[ProvisionSpecified] = field(default_factory=list)
    primaries: Primaries = field(default_factory=Primaries)
    mentors: dict[UUID, Mentor] = field(default_factory=dict)
    scheduled: dict[UUID, datetime] = field(default_factory=dict)
    sessions: dict[UUID, set[str]] = field(default_factory=dict)
    breaches: list[datetime] = field(default_factory=list)
    notifications: dict[UUID, dict[str, Any]] = field(default_factory=dict)


def fold(child_id: UUID, facts: Iterable[Recorded[Any]]) -> Child:
    """Take in the facts in the order in which they were recorded."""
    child = Child(child_id)
    for recorded in facts:
        _take(child, recorded.fact)
    return child


def _take(child: Child, fact: Fact) -> None:
    primaries.take(child.primaries, fact)
    if begun := lifecycles.of_child(fact):
        child.statuses.append(begun)
        child.school_id = lifecycles.school_of(fact) or child.school_id
        return
    match fact:
        case ProvisionSpecified():
            child.provisions.append(fact)
        case SessionScheduled() | SessionRescheduled():
            child.scheduled[fact.session_id] = fact.starts_at
        case SessionStarted() | SessionLogged() | SessionCancelled():
            what = {SessionStarted: "started", SessionLogged: "logged", SessionCancelled: "cancelled"}
            child.sessions.setdefault(fact.session_id, set()).add(what[type(fact)])
        case RoleBoundaryBreached():
            child.breaches.append(fact.attempted_at)
        case NotificationRequested():
            child.notifications[fact.notification_id] = {
                "notification_id": str(fact.notification_id),
                "type": fact.type,
                "requested_at": fact.requested_at.isoformat(),
                "acknowledged_at": None,
            }
        case NotificationAcknowledged() if fact.notification_id in child.notifications:
            acknowledged = fact.acknowledged_at.isoformat()
            child.notifications[fact.notification_id]["acknowledged_at"] = acknowledged
        case _:
            mentor_id = getattr(fact, "mentor_id", None)
            if mentor_id is not None:
                child.mentors.setdefault(mentor_id, Mentor()).take(fact)


def state(child: Child, on: date) -> dict[str, Any]:
    """The child on that day, with the support, provision and evidence that were effective then."""
    effective = [provision for provision in child.provisions if provision.effective_from <= on]
    # of two for the same day the one recorded last counts
    provision = max(reversed(effective), key=lambda found: found.effective_from) if effective else None
    return {
        "child_id": str(child.child_id),
        "school_id": str(child.school_id) if child.school_id else None,
        "status": lifecycles.on(child.statuses, on),
        "provision": provision.model_dump(mode="json", exclude={"child_id"}) if provision else None,
        "mentors": [_support(child, support, on) for support in _active(child, on)],
        "sessions": _sessions(child, on),
        "notifications": list(child.notifications.values())[-LAST_NOTIFICATIONS:],
    }


def _active(child: Child, on: date) -> list[Support]:
    """Assignments in force that day, the primary one first."""
    found = [support for support in child.primaries.supports.values() if support.in_force(on)]
    return sorted(found, key=lambda support: (support.begun.role != "primary", support.begun.effective_from))


def _support(child: Child, support: Support, on: date) -> dict[str, Any]:
    begun = support.begun
    return {
        "mentor_id": str(begun.mentor_id),
        "assignment_id": str(begun.assignment_id),
        "role": begun.role,
        "since": begun.effective_from.isoformat(),
        "rests": support.rests(on),
        "compliance": child.mentors.get(begun.mentor_id, Mentor()).on(on),
    }


def _sessions(child: Child, on: date) -> dict[str, int]:
    """Sessions planned up to the end of that day, and what became of them."""
    past = [session_id for session_id, starts_at in child.scheduled.items() if starts_at.date() <= on]
    counts = {"scheduled": len(past), "started": 0, "logged": 0, "cancelled": 0}
    for session_id in past:
        for what in child.sessions.get(session_id, ()):
            counts[what] += 1
    counts["role_boundary_breaches"] = sum(at.date() <= on for at in child.breaches)
    return counts
