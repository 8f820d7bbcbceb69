"""Contact begins, ends, or does not come about: who starts a session when, and what is found when nobody does."""

from collections.abc import Sequence
from datetime import timedelta

from services.sessions.domain.commands import FindEnded, FindOverdue, Finish, Start
from services.sessions.domain.limits import finished
from services.sessions.domain.permission import check_assigned, check_deployable, check_not_aside, school_day
from services.sessions.domain.planning import planned_minutes
from services.sessions.domain.refusing import cancelled, not_started, voided
from services.sessions.domain.stages import Begun, Cancelled, Coming, Known, Missed, Voided
from shared.contracts.sessions.ladder import SessionMissed, SessionOverdue
from shared.contracts.sessions.session import SessionFinished, SessionStarted
from shared.kernel.decider import Refused

EARLIEST_START = timedelta(minutes=15)
"""A mentor may begin so much before the planned time."""


def start(known: Known, command: Start) -> Sequence[SessionStarted | SessionFinished]:
    """The mentor is, or was, with the child. Refused when the time is wrong, or the gate is shut on that day."""
    plan, missed = known.plan, isinstance(known.stage, Missed)
    match known.stage:
        case Coming() | Missed():
            pass
        case Cancelled():
            raise cancelled("schedule another one.")
        case Voided():
            raise voided()
        case _:
            return ()
    if missed and not command.by_office:
        message = "This session is on record as missed; a coordinator starts it, if it took place after all."
        raise Refused("session_missed", message)
    if not plan.starts_at - EARLIEST_START <= command.started_at < plan.ends_at:
        message = "A session starts at most 15 minutes early and before its planned end; check the time."
        raise Refused("invalid_started_at", message)
    if command.started_at > command.at:
        raise Refused("invalid_started_at", "That time has not come yet; start it when you are there.")
    day = school_day(plan.starts_at, plan.time_zone)
    support = check_assigned(command.support, plan.mentor_id, plan.child_id, day)
    check_deployable(command.evidence, day)
    check_not_aside(support, day, plan.starts_at)
    started = SessionStarted(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        started_at=command.started_at,
        after_missed=missed,
    )
    if command.at < plan.ends_at:
        return (started,)
    return (started, finished(plan, plan.ends_at, presumed=True))


def finish(known: Known, command: Finish) -> Sequence[SessionFinished]:
    """Contact has ended. What was presumed gives way to what somebody says."""
    plan = known.plan
    match known.stage:
        case Begun(started_at=started_at, finished_at=finished_at, presumed=presumed) as begun:
            if finished_at is not None and not presumed:
                return ()
            if begun.draft is not None or begun.submissions:
                return ()
        case Coming() | Missed():
            raise not_started()
        case Cancelled():
            raise cancelled("there is nothing to finish.")
        case Voided():
            raise voided()
        case _:
            return ()
    if not started_at <= command.finished_at <= command.at:
        message = "A session finishes after it started, and not in the future; check the time."
        raise Refused("invalid_finished_at", message)
    return (finished(plan, command.finished_at, presumed=False),)


def find_overdue(known: Known, command: FindOverdue) -> Sequence[SessionOverdue]:
    """Nobody has started it so long after the planned begin."""
    plan = known.plan
    match known.stage:
        case Coming(overdue=found) | Missed(overdue=found):
            late = command.at >= plan.starts_at + timedelta(minutes=command.minutes)
            if not late or command.minutes in found:
                return ()
            overdue = SessionOverdue(
                session_id=plan.session_id,
                assignment_id=plan.assignment_id,
                mentor_id=plan.mentor_id,
                child_id=plan.child_id,
                school_id=plan.school_id,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                minutes=command.minutes,
                overdue_at=command.at,
            )
            return (overdue,)
        case _:
            return ()


def find_ended(known: Known, command: FindEnded) -> Sequence[SessionMissed | SessionFinished]:
    """The planned end has come: nobody has started it, or nobody has said that contact is over."""
    plan = known.plan
    if command.at < plan.ends_at:
        return ()
    match known.stage:
        case Begun(finished_at=None, submissions=0):
            return (finished(plan, plan.ends_at, presumed=True),)
        case Coming():
            pass
        case _:
            return ()
    missed = SessionMissed(
        session_id=plan.session_id,
        assignment_id=plan.assignment_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        planned_minutes=planned_minutes(plan),
        why="nobody_started",
        missed_at=command.at,
    )
    return (missed,)
