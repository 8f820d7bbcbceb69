"""What is said of sessions and their logs."""

from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import SessionCancelled, SessionRescheduled
from shared.contracts.sessions.session_approval import SessionReturned
from shared.contracts.words.telling import NotificationType

OfPlan: TypeAlias = SessionRescheduled | SessionCancelled | SessionOverdue | SessionMissed
OfLog: TypeAlias = LogOverdue | SessionReturned
SessionFact: TypeAlias = OfPlan | OfLog

NEUTRAL = dict.fromkeys(("mentor_stood_down", "mentor_suspended", "mentor_on_leave"), "mentor_unavailable")
"""Why a mentor is kept away is not the business of everybody who hears that a session is off."""
NEWS_OF_THE_DAY, NEWS = timedelta(days=1), timedelta(days=30)
"""For how long a ladder is of use that is climbed late, after a service was away: who comes first is not the point."""
DISTURBING = timedelta(hours=24)
"""A change of a session that is nearer than this is urgent."""


def said_of_sessions(fact: SessionFact) -> Announcement:
    match fact:
        case LogOverdue():
            values = plain(hours=fact.hours, wanted_since_at=fact.wanted_since)
            late = _of_session("log_late", fact, fact.school_id, values, step=str(fact.hours))
            return replace(late, useful_until=fact.wanted_since + NEWS)
        case SessionReturned():
            values = plain(returned_at=fact.returned_at)
            said = fact.returned_at.isoformat()
            return _of_session("log_returned", fact, fact.school_id, values, said=said)
        case _:
            return _of_plan(fact)


def _of_plan(fact: OfPlan) -> Announcement:
    times = {"starts_at": fact.starts_at, "ends_at": fact.ends_at}
    match fact:
        case SessionRescheduled():
            near = min(fact.starts_at, fact.starts_at_before) - fact.rescheduled_at <= DISTURBING
            values = plain(
                **times, starts_at_before=fact.starts_at_before, time_zone=fact.time_zone, reason=fact.reason
            )
            said = fact.starts_at.isoformat()
            return _of_session("session_changed", fact, fact.school_id, values, said=said, near=near)
        case SessionCancelled():
            near = timedelta() <= fact.starts_at - fact.cancelled_at <= DISTURBING
            reason = NEUTRAL.get(fact.reason, fact.reason)
            values = plain(**times, reason=reason, cancelled_by=fact.cancelled_by)
            return _of_session("session_cancelled", fact, fact.school_id, values, near=near)
        case SessionOverdue():
            values = plain(**times, minutes=fact.minutes)
            late = _of_session("late_check_in", fact, fact.school_id, values, step=str(fact.minutes))
            return replace(late, useful_until=fact.starts_at + NEWS_OF_THE_DAY)
        case SessionMissed():
            missed = _of_session("session_missed", fact, fact.school_id, plain(**times))
            return replace(missed, useful_until=fact.ends_at + NEWS)


def _of_session(
    type: NotificationType,
    fact: SessionFact,
    school_id: UUID,
    values: object,
    *,
    step: str = "",
    said: str = "",
    near: bool = False,
) -> Announcement:
    assert isinstance(values, dict)
    return Announcement(
        type,
        f"session:{fact.session_id}",
        values,
        step=step,
        said=said,
        urgent=True if near else None,
        child_id=fact.child_id,
        mentor_id=fact.mentor_id,
        school_id=school_id,
        session_id=fact.session_id,
    )
