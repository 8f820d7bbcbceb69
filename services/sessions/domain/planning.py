"""Which plan of a session is allowed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from services.sessions.domain.commands import Schedule
from services.sessions.domain.permission import check_assigned, check_deployable, school_day
from shared.contracts.sessions.session import SessionScheduled
from shared.kernel.decider import Refused

LONGEST = timedelta(hours=12)


def plan(command: Schedule) -> SessionScheduled:
    """The session that this plans. Refused when the time is wrong, or the mentor may not."""
    _check_span(command.starts_at, command.ends_at, command.time_zone)
    day = school_day(command.starts_at, command.time_zone)
    support = check_assigned(command.support, command.mentor_id, command.child_id, day)
    # As of now: what has to be renewed until then is asked for again when the session starts.
    check_deployable(command.evidence, school_day(command.at, command.time_zone))
    return SessionScheduled(
        session_id=command.session_id,
        assignment_id=support.assignment_id,
        mentor_id=command.mentor_id,
        child_id=command.child_id,
        school_id=support.school_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        time_zone=command.time_zone,
    )


def repeats(planned: SessionScheduled, command: Schedule) -> bool:
    """Whether the command says again what was planned."""
    return (
        planned.session_id == command.session_id
        and (planned.mentor_id, planned.child_id) == (command.mentor_id, command.child_id)
        and (planned.starts_at, planned.ends_at) == (command.starts_at, command.ends_at)
        and planned.time_zone == command.time_zone
    )


def _check_span(starts_at: datetime, ends_at: datetime, time_zone: str) -> None:
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Refused("invalid_ends_at", "A session ends after it starts, and within 12 hours.")
    try:
        same_day = school_day(starts_at, time_zone) == school_day(ends_at, time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"{time_zone!r} is no time zone; give its IANA name, such as Europe/London."
        raise Refused("invalid_time_zone", message) from None
    if not same_day:
        raise Refused("invalid_ends_at", "A session starts and ends on one day at the school.")
