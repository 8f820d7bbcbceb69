"""What is said of sessions."""

from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.sessions.session import SessionCancelled
from shared.contracts.sessions.session_log import RoleBoundaryBreached

SessionFact: TypeAlias = SessionCancelled | RoleBoundaryBreached


def said_of_sessions(fact: SessionFact) -> Announcement:
    match fact:
        case SessionCancelled():
            return Announcement(
                "session_cancelled",
                f"session:{fact.session_id}",
                plain(reason=fact.reason, cancelled_by=fact.cancelled_by),
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                session_id=fact.session_id,
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
