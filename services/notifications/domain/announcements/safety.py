"""What is said of who may be with a child, of the role boundary, and of concerns."""

from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.assignments.concern import SafeguardingConcernRaised
from shared.contracts.sessions.session_log import IncidentalHelpPatternFound, RoleBoundaryBreached
from shared.contracts.training.standing import MentorCleared, MentorStoodDown, MentorSuspended

SafetyFact: TypeAlias = (
    MentorStoodDown
    | MentorCleared
    | MentorSuspended
    | RoleBoundaryBreached
    | IncidentalHelpPatternFound
    | SafeguardingConcernRaised
)


def said_of_safety(fact: SafetyFact) -> Announcement:
    match fact:
        case MentorStoodDown():
            values = plain(stood_down_on=fact.stood_down_on, shortfalls=fact.reasons)
            return Announcement(
                "deployability_lost", f"standing:{fact.mentor_id}", values, mentor_id=fact.mentor_id
            )
        case MentorCleared():
            values = plain(cleared_on=fact.cleared_on)
            return Announcement(
                "deployability_regained", f"standing:{fact.mentor_id}", values, mentor_id=fact.mentor_id
            )
        case MentorSuspended():
            values = plain(suspended_on=fact.suspended_on)
            return Announcement(
                "mentor_suspended", f"suspension:{fact.mentor_id}", values, mentor_id=fact.mentor_id
            )
        case RoleBoundaryBreached():
            return Announcement(
                "role_boundary_breached",
                f"session:{fact.session_id}",
                plain(activities=fact.activities),
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
                session_id=fact.session_id,
            )
        case IncidentalHelpPatternFound():
            return Announcement(
                "incidental_help_pattern",
                f"incidental:{fact.mentor_id}:{fact.child_id}",
                plain(count=fact.count, since_on=fact.since.date()),
                said=fact.last_at.isoformat(),
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
            )
        case SafeguardingConcernRaised():
            # A link and nothing else: not whom it is about, nor what kind of harm is feared.
            return Announcement(
                "safeguarding_concern", f"concern:{fact.concern_id}", plain(concern_id=str(fact.concern_id))
            )
