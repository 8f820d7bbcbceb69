"""Which log of a session is allowed, and when it is late."""

from collections.abc import Sequence
from datetime import timedelta

from services.sessions.domain.boundary import check_role
from services.sessions.domain.commands import FindLogOverdue
from services.sessions.domain.limits import LATE_AFTER, REASON_AFTER, check_minutes, finished, wanted_since
from services.sessions.domain.log_commands import Draft, Log
from services.sessions.domain.permission import check_assigned, school_day
from services.sessions.domain.refusing import cancelled, locked, not_started, voided
from services.sessions.domain.stages import Begun, Cancelled, Coming, Known, Locked, Missed, Submitted
from shared.contracts.sessions.ladder import LogOverdue
from shared.contracts.sessions.session import SessionFinished, SessionScheduled
from shared.contracts.sessions.session_log import OutcomeRated, SessionLogDrafted, SessionLogged
from shared.contracts.words.sessions import Activity
from shared.kernel.decider import Refused


def draft(known: Known, command: Draft) -> Sequence[SessionFinished | SessionLogDrafted]:
    """What is there of a log is kept; only what it says has to be possible. Whoever writes it is done."""
    plan, begun = known.plan, _wanted(known, command)
    _check_once(command.activities)
    if command.contact_minutes is not None:
        check_minutes(plan, begun, command.contact_minutes, command.at)
    drafted = SessionLogDrafted(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        activities=command.activities,
        areas=command.areas,
        contact_minutes=command.contact_minutes,
        ratio=command.ratio,
        incidental_help=command.incidental_help,
        notes=command.notes,
        drafted_at=command.at,
    )
    before = begun.draft
    if before is not None and before.model_copy(update={"drafted_at": command.at}) == drafted:
        return ()
    if begun.finished_at is None and not begun.submissions:
        return (finished(plan, min(command.at, plan.ends_at), presumed=True), drafted)
    return (drafted,)


def log(known: Known, command: Log) -> Sequence[SessionLogged | OutcomeRated]:
    """The log of a session that began. Refused when it cannot be true or comes too late to go unexplained."""
    if isinstance(known.stage, Submitted) and _repeats(known.stage, command):
        return ()
    plan, begun = known.plan, _wanted(known, command)
    day = school_day(plan.starts_at, plan.time_zone)
    check_assigned(command.support, plan.mentor_id, plan.child_id, day)
    if command.cut_off_at is not None and command.at >= command.cut_off_at:
        message = (
            f"The payroll cut-off of this session's pay period was {command.cut_off_at.isoformat()}; ask a "
            "coordinator to put the session on record as an amendment."
        )
        raise Refused("after_cut_off", message)
    if not command.activities:
        raise Refused("invalid_activities", "Say what was done: choose at least one activity.")
    _check_once(command.activities)
    check_minutes(plan, begun, command.contact_minutes, command.at)
    _check_ratings(command)
    since, reason = wanted_since(plan, begun), (command.late_reason or "").strip() or None
    if command.at > since + REASON_AFTER and reason is None:
        message = "More than 72 hours have passed since the log was wanted; a coordinator has to log it, with a reason."
        raise Refused("late_reason_required", message)
    logged = SessionLogged(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        activities=command.activities,
        areas=command.areas,
        contact_minutes=command.contact_minutes,
        ratio=command.ratio,
        incidental_help=command.incidental_help,
        notes=command.notes,
        submission=begun.submissions + 1,
        logged_at=command.at,
        logged_by=command.by,
        late=command.at > since + LATE_AFTER,
        late_reason=reason,
    )
    return (logged, *_rated(plan, command))


def find_overdue(known: Known, command: FindLogOverdue) -> Sequence[LogOverdue]:
    """The log was not handed in so long after it was wanted."""
    plan, begun = known.plan, known.stage
    if not isinstance(begun, Begun) or command.hours in begun.overdue:
        return ()
    due_at = wanted_since(plan, begun) + timedelta(hours=command.hours)
    if command.wanted_since != wanted_since(plan, begun) or command.at < due_at:
        return ()
    overdue = LogOverdue(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        wanted_since=command.wanted_since,
        hours=command.hours,
        overdue_at=command.at,
    )
    return (overdue,)


def _wanted(known: Known, command: Draft | Log) -> Begun:
    """The session as one whose log is wanted. Refused, and the attempt is a fact, for work with the whole class."""
    plan = known.plan
    match known.stage:
        case Begun() as begun:
            if command.at < plan.starts_at:
                raise _in_future(plan)
            check_role(known, command.activities, command.at)
            return begun
        case Coming() | Missed():
            if command.at < plan.starts_at:
                raise _in_future(plan)
            check_role(known, command.activities, command.at)
            raise not_started()
        case Submitted():
            message = "This session is logged; ask a coordinator to return the log, or to amend it."
            raise Refused("already_logged", message)
        case Locked():
            raise locked()
        case Cancelled():
            raise cancelled("there is nothing to log.")
        case _:
            raise voided()


def _in_future(plan: SessionScheduled) -> Refused:
    message = f"This session starts at {plan.starts_at.isoformat()}; log it when it has taken place."
    return Refused("session_in_future", message)


def _check_once(activities: tuple[Activity, ...]) -> None:
    if len(set(activities)) != len(activities):
        raise Refused("invalid_activities", "Name each activity once.")


def _check_ratings(command: Log) -> None:
    rated = [outcome_id for outcome_id, _ in command.ratings]
    if len(set(rated)) != len(rated):
        raise Refused("invalid_outcomes", "Rate each outcome once.")
    if not command.outcomes.issuperset(rated):
        message = (
            "Rate only outcomes of this child's provision; look them up, or have the provision reviewed."
        )
        raise Refused("invalid_outcomes", message)


def _rated(plan: SessionScheduled, command: Log) -> Sequence[OutcomeRated]:
    return tuple(
        OutcomeRated(
            session_id=plan.session_id,
            mentor_id=plan.mentor_id,
            child_id=plan.child_id,
            outcome_id=outcome_id,
            rating=rating,
            rated_at=command.at,
        )
        for outcome_id, rating in command.ratings
    )


def _repeats(submitted: Submitted, command: Log) -> bool:
    """Whether the command says again what was logged, at whatever time."""
    done = submitted.log
    return (
        (done.activities, done.areas, done.contact_minutes, done.ratio)
        == (command.activities, command.areas, command.contact_minutes, command.ratio)
        and (done.incidental_help, done.notes) == (command.incidental_help, command.notes)
        and done.late_reason == ((command.late_reason or "").strip() or None)
        and submitted.ratings == frozenset(command.ratings)
    )
