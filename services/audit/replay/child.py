"""The state of one child on a day, as known at a moment: folded from the facts that were on record then."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.audit.replay.compliance import Mentor
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.assignments.child import (
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildReopened,
    ChildResumed,
    ProvisionSpecified,
)
from shared.contracts.assignments.support_request import (
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestWithdrawn,
)
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import NotificationAcknowledged, NotificationRequested
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.kernel.recorded import Recorded

FOLD = "child-state/4"
"""Changes whenever the same facts would give another answer."""

LAST_NOTIFICATIONS = 5


@dataclass
class Support:
    """One assignment as it was on record."""

    begun: MentorAssigned
    ended_on: date | None = None

    def in_force(self, on: date) -> bool:
        """Cover is for its days, and ends on the day that was agreed, also before that has been recorded."""
        ends = [day for day in (self.begun.effective_until, self.ended_on) if day is not None]
        among = self.begun.days is None or on in self.begun.days
        return among and self.begun.effective_from <= on < min(ends, default=date.max)


@dataclass
class Child:
    """What the facts say of a child, before it is asked for one day."""

    child_id: UUID
    school_id: UUID | None = None
    statuses: list[tuple[date, str]] = field(default_factory=list)
    provisions: list[ProvisionSpecified] = field(default_factory=list)
    supports: dict[UUID, Support] = field(default_factory=dict)
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
    match fact:
        case SupportRequestReceived():
            child.statuses.append((fact.received_at.date(), "requested"))
            child.school_id = fact.school_id
        case SupportRequestDeclined():
            child.statuses.append((fact.declined_at.date(), "declined"))
        case SupportRequestWithdrawn():
            child.statuses.append((fact.withdrawn_at.date(), "withdrawn"))
        case ChildAccepted():
            child.statuses.append((fact.accepted_on, "accepted"))
            child.school_id = fact.school_id
        case ChildActivated():
            child.statuses.append((fact.activated_on, "active"))
        case ChildPaused():
            child.statuses.append((fact.paused_from, "paused"))
        case ChildResumed():
            child.statuses.append((fact.resumed_on, "active"))
        case ChildExited():
            child.statuses.append((fact.exited_on, "exited"))
        case ChildReopened():
            child.statuses.append((fact.reopened_on, "accepted"))
            child.school_id = fact.school_id
        case ProvisionSpecified():
            child.provisions.append(fact)
        case MentorAssigned():
            child.supports[fact.assignment_id] = Support(fact)
        case AssignmentEnded() if fact.assignment_id in child.supports:
            child.supports[fact.assignment_id].ended_on = fact.ended_on
        case SessionScheduled():
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
    statuses = [status for since, status in child.statuses if since <= on]
    effective = [provision for provision in child.provisions if provision.effective_from <= on]
    # of two for the same day the one recorded last counts
    provision = max(reversed(effective), key=lambda found: found.effective_from) if effective else None
    return {
        "child_id": str(child.child_id),
        "school_id": str(child.school_id) if child.school_id else None,
        "status": statuses[-1] if statuses else "unknown",
        "provision": provision.model_dump(mode="json", exclude={"child_id"}) if provision else None,
        "mentors": [_support(child, support, on) for support in _active(child, on)],
        "sessions": _sessions(child, on),
        "notifications": list(child.notifications.values())[-LAST_NOTIFICATIONS:],
    }


def _active(child: Child, on: date) -> list[Support]:
    """Assignments in force that day, the primary one first."""
    found = [support for support in child.supports.values() if support.in_force(on)]
    return sorted(found, key=lambda support: (support.begun.role != "primary", support.begun.effective_from))


def _support(child: Child, support: Support, on: date) -> dict[str, Any]:
    begun = support.begun
    return {
        "mentor_id": str(begun.mentor_id),
        "assignment_id": str(begun.assignment_id),
        "role": begun.role,
        "since": begun.effective_from.isoformat(),
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
