"""Which plan of a session is allowed, and what becomes of a plan: moved, or called off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from services.sessions.domain.commands import Cancel, Reschedule, Schedule
from services.sessions.domain.notice import is_chargeable
from services.sessions.domain.permission import check_assigned, check_deployable, check_not_aside, school_day
from services.sessions.domain.refusing import cancelled, took_place, voided
from services.sessions.domain.stages import Cancelled, Coming, Known, Missed, Session, Voided
from shared.contracts.sessions.session import SessionCancelled, SessionRescheduled, SessionScheduled
from shared.kernel.decider import Refused

LONGEST = timedelta(hours=12)
MINUTE = timedelta(minutes=1)


def schedule(state: Session, command: Schedule) -> Sequence[SessionScheduled]:
    """The session that this plans. Refused when the time is wrong, or the mentor may not."""
    if isinstance(state, Known):
        if _repeats(state.plan, command) and not isinstance(state.stage, Cancelled | Voided):
            return ()
        raise Refused(
            "already_scheduled", "This session exists; move it, or cancel it and schedule another one."
        )
    _check_span(command.starts_at, command.ends_at, command.time_zone)
    day = school_day(command.starts_at, command.time_zone)
    support = check_assigned(command.support, command.mentor_id, command.child_id, day)
    # As of now: what has to be renewed until then is asked for again when the session starts.
    check_deployable(command.evidence, school_day(command.at, command.time_zone))
    check_not_aside(support, day, command.starts_at)
    scheduled = SessionScheduled(
        session_id=command.session_id,
        assignment_id=support.assignment_id,
        mentor_id=command.mentor_id,
        child_id=command.child_id,
        school_id=support.school_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        time_zone=command.time_zone,
        timetable_id=command.timetable_id,
        cover=command.cover or support.role == "cover",
    )
    return (scheduled,)


def reschedule(known: Known, command: Reschedule) -> Sequence[SessionRescheduled]:
    """Another time for a session that has not begun, under the same rules as planning it."""
    plan = known.plan
    match known.stage:
        case Coming():
            pass
        case Cancelled():
            raise cancelled("schedule another one.")
        case Voided():
            raise voided()
        case _:
            raise took_place("move another one, or cancel what is still to come.")
    if (plan.starts_at, plan.ends_at) == (command.starts_at, command.ends_at):
        return ()
    if command.starts_at <= command.at:
        raise Refused("invalid_starts_at", "A session is moved to a time that is still to come.")
    _check_span(command.starts_at, command.ends_at, plan.time_zone)
    day = school_day(command.starts_at, plan.time_zone)
    support = check_assigned(command.support, plan.mentor_id, plan.child_id, day)
    check_deployable(command.evidence, school_day(command.at, plan.time_zone))
    check_not_aside(support, day, command.starts_at)
    moved = SessionRescheduled(
        session_id=plan.session_id,
        assignment_id=plan.assignment_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        starts_at_before=plan.starts_at,
        ends_at_before=plan.ends_at,
        time_zone=plan.time_zone,
        reason=command.reason,
        rescheduled_at=command.at,
    )
    return (moved,)


def cancel(known: Known, command: Cancel) -> Sequence[SessionCancelled]:
    """It does not take place. A missed session can still be told the reason why it did not."""
    plan = known.plan
    match known.stage:
        case Cancelled() | Voided():
            return ()
        case Coming() | Missed():
            charged = command.chargeable
            if charged is None:
                charged = is_chargeable(command.reason, plan.starts_at, command.at)
            called_off = SessionCancelled(
                session_id=plan.session_id,
                assignment_id=plan.assignment_id,
                mentor_id=plan.mentor_id,
                child_id=plan.child_id,
                school_id=plan.school_id,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                planned_minutes=planned_minutes(plan),
                cancelled_by=command.cancelled_by,
                reason=command.reason,
                chargeable=charged,
                cancelled_at=command.at,
            )
            return (called_off,)
        case _:
            raise took_place("log it, have it amended, or have it voided.")


def planned_minutes(plan: SessionScheduled) -> int:
    """How long it is to last, in whole minutes."""
    return (plan.ends_at - plan.starts_at) // MINUTE


def _repeats(planned: SessionScheduled, command: Schedule) -> bool:
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
