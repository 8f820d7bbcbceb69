"""Which log of a session is allowed, and when it is late."""

from datetime import datetime, timedelta

from services.sessions.domain.commands import Log
from services.sessions.domain.permission import check_assigned, school_day
from shared.contracts.sessions.session import SessionScheduled
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.contracts.words.sessions import WHOLE_CLASS
from shared.kernel.decider import Refused

LATE_AFTER = timedelta(hours=48)
"""After the session's end: from here on the log is marked late (it is due within 24 hours)."""
REASON_AFTER = timedelta(hours=72)
"""After the session's end: from here on a coordinator has to say why."""


def log(planned: SessionScheduled, started_at: datetime, command: Log) -> SessionLogged:
    """The log of a session that began. Refused when it cannot be true or comes too late to go unexplained."""
    day = school_day(planned.starts_at, planned.time_zone)
    check_assigned(command.support, planned.mentor_id, planned.child_id, day)
    _check_content(planned, started_at, command)
    reason = (command.late_reason or "").strip() or None
    if command.at > planned.ends_at + REASON_AFTER and reason is None:
        message = (
            "More than 72 hours have passed since the session; a coordinator has to log it, with a reason."
        )
        raise Refused("late_reason_required", message)
    return SessionLogged(
        session_id=planned.session_id,
        mentor_id=planned.mentor_id,
        child_id=planned.child_id,
        school_id=planned.school_id,
        activities=command.activities,
        contact_minutes=command.contact_minutes,
        ratio=command.ratio,
        incidental_help=command.incidental_help,
        notes=command.notes,
        logged_at=command.at,
        logged_by=command.by,
        late=command.at > planned.ends_at + LATE_AFTER,
        late_reason=reason,
    )


def check_role(planned: SessionScheduled, command: Log, *, known: frozenset[datetime]) -> None:
    """Refused, with the attempt as a fact, when a mentor was used for the whole class.

    `known` are the moments of the attempts recorded before: the same attempt is not recorded twice.
    """
    if WHOLE_CLASS.isdisjoint(command.activities):
        return
    breach = RoleBoundaryBreached(
        session_id=planned.session_id,
        mentor_id=planned.mentor_id,
        child_id=planned.child_id,
        school_id=planned.school_id,
        activities=command.activities,
        attempted_at=command.at,
    )
    message = (
        "A Learning Mentor supports one child and must not be used to facilitate the whole class. "
        "Log only what was done with the child; mark help to another pupil in passing as incidental. "
        "The coordinator and the school are told of this attempt."
    )
    facts = () if command.at in known else (breach,)
    raise Refused("role_boundary_breached", message, facts=facts)


def repeats(done: SessionLogged, command: Log) -> bool:
    """Whether the command says again what was logged, at whatever time."""
    return (
        (done.activities, done.contact_minutes, done.ratio)
        == (command.activities, command.contact_minutes, command.ratio)
        and (done.incidental_help, done.notes) == (command.incidental_help, command.notes)
        and done.late_reason == ((command.late_reason or "").strip() or None)
    )


def _check_content(planned: SessionScheduled, started_at: datetime, command: Log) -> None:
    if not command.activities:
        raise Refused("invalid_activities", "Say what was done: choose at least one activity.")
    if len(set(command.activities)) != len(command.activities):
        raise Refused("invalid_activities", "Name each activity once.")
    passed = min(command.at, planned.ends_at) - started_at
    most = max(passed // timedelta(minutes=1), 0)
    if not 0 <= command.contact_minutes <= most:
        message = f"Only {most} minutes had passed since the start, or up to the planned end; log no more."
        raise Refused("invalid_contact_minutes", message)
