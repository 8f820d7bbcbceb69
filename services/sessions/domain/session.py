"""One session: contact of a mentor with a child, from planned to logged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from services.sessions.domain import planning, record
from services.sessions.domain.commands import Cancel, Command, Log, Schedule, Start
from services.sessions.domain.permission import check_assigned, check_deployable, school_day
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.kernel.decider import Claim, Decider, Refused

EARLIEST_START = timedelta(minutes=15)
"""A mentor may begin so much before the planned time."""

SessionFact: TypeAlias = (
    SessionScheduled | SessionStarted | SessionLogged | RoleBoundaryBreached | SessionCancelled
)


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Nobody has scheduled it yet."""


@dataclass(frozen=True, slots=True)
class Planned:
    """It is to take place. `breaches`: when logging work with the whole class was tried, and refused."""

    plan: SessionScheduled
    breaches: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class Begun:
    """The mentor is, or was, with the child; the log is awaited."""

    plan: SessionScheduled
    started_at: datetime
    breaches: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class Logged:
    """What was done is on record."""

    plan: SessionScheduled
    log: SessionLogged


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It did not take place."""

    plan: SessionScheduled


Session: TypeAlias = Unplanned | Planned | Begun | Logged | Cancelled


def decide(state: Session, command: Command) -> Sequence[SessionFact]:
    match command:
        case Schedule():
            return _schedule(state, command)
        case Start():
            return _start(state, command)
        case Log():
            return _log(state, command)
        case Cancel():
            return _cancel(state, command)


def evolve(state: Session, fact: SessionFact) -> Session:
    match state, fact:
        case _, SessionScheduled():
            return Planned(fact)
        case Planned(plan, breaches), SessionStarted(started_at=started_at):
            return Begun(plan, started_at, breaches)
        case ((Planned() | Begun()), RoleBoundaryBreached(attempted_at=attempted_at)):
            return replace(state, breaches=state.breaches | {attempted_at})
        case Begun(plan), SessionLogged():
            return Logged(plan, fact)
        case Planned(plan), SessionCancelled():
            return Cancelled(plan)
        case _:
            return state


def claims(state: Session) -> frozenset[Claim]:
    """Neither the mentor nor the child is in two sessions at once, and what took place keeps its time."""
    match state:
        case Unplanned() | Cancelled():
            return frozenset()
        case Planned(plan) | Begun(plan) | Logged(plan):
            return frozenset(
                Claim(
                    f"session:{who}:{id_}",
                    "session_overlaps",
                    f"This {who} already has a session in that time; choose another time.",
                    since=plan.starts_at,
                    until=plan.ends_at,
                )
                for who, id_ in (("mentor", plan.mentor_id), ("child", plan.child_id))
            )


session: Decider[Session, Command] = Decider("session", Unplanned(), decide, evolve, claims)


def _schedule(state: Session, command: Schedule) -> Sequence[SessionScheduled]:
    if isinstance(state, Unplanned):
        return (planning.plan(command),)
    if planning.repeats(state.plan, command) and not isinstance(state, Cancelled):
        return ()
    raise Refused("already_scheduled", "This session exists; cancel it and schedule another one.")


def _start(state: Session, command: Start) -> Sequence[SessionStarted]:
    match state:
        case Unplanned():
            raise _unknown()
        case Cancelled():
            raise Refused("session_cancelled", "This session was cancelled; schedule another one.")
        case Begun() | Logged():
            return ()
        case Planned(plan):
            if not plan.starts_at - EARLIEST_START <= command.started_at < plan.ends_at:
                message = (
                    "A session starts at most 15 minutes early and before its planned end; check the time."
                )
                raise Refused("invalid_started_at", message)
            if command.started_at > command.at:
                raise Refused(
                    "invalid_started_at", "That time has not come yet; start it when you are there."
                )
            day = school_day(plan.starts_at, plan.time_zone)
            check_assigned(command.support, plan.mentor_id, plan.child_id, day)
            check_deployable(command.evidence, day)
            started = SessionStarted(
                session_id=plan.session_id,
                mentor_id=plan.mentor_id,
                child_id=plan.child_id,
                school_id=plan.school_id,
                started_at=command.started_at,
            )
            return (started,)


def _log(state: Session, command: Log) -> Sequence[SessionLogged]:
    match state:
        case Unplanned():
            raise _unknown()
        case Cancelled():
            raise Refused("session_cancelled", "This session was cancelled; there is nothing to log.")
        case Logged(log=done):
            if record.repeats(done, command):
                return ()
            raise Refused("already_logged", "This session is logged; ask a coordinator to amend the log.")
        case Planned(plan, breaches) | Begun(plan, breaches=breaches):
            if command.at < plan.starts_at:
                message = (
                    f"This session starts at {plan.starts_at.isoformat()}; log it when it has taken place."
                )
                raise Refused("session_in_future", message)
            record.check_role(plan, command, known=breaches)
            if isinstance(state, Planned):
                raise Refused("session_not_started", "Start this session first, with the time contact began.")
            return (record.log(plan, state.started_at, command),)


def _cancel(state: Session, command: Cancel) -> Sequence[SessionCancelled]:
    match state:
        case Unplanned():
            raise _unknown()
        case Cancelled():
            return ()
        case Begun() | Logged():
            raise Refused("session_took_place", "This session has begun; log it, or ask for an amendment.")
        case Planned(plan):
            return (
                SessionCancelled(
                    session_id=plan.session_id,
                    mentor_id=plan.mentor_id,
                    child_id=plan.child_id,
                    school_id=plan.school_id,
                    assignment_id=plan.assignment_id,
                    starts_at=plan.starts_at,
                    ends_at=plan.ends_at,
                    planned_minutes=(plan.ends_at - plan.starts_at) // timedelta(minutes=1),
                    cancelled_by=command.cancelled_by,
                    reason=command.reason,
                    chargeable=command.chargeable,
                    cancelled_at=command.at,
                ),
            )


def _unknown() -> Refused:
    return Refused("session_unknown", "There is no such session; schedule it first.")
