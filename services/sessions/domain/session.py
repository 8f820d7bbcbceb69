"""One session: contact of a mentor with a child, from planned to locked, and amended ever after."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from services.sessions.domain import amending, approval, contact, planning, record
from services.sessions.domain.commands import (
    Cancel,
    Command,
    FindEnded,
    FindLogOverdue,
    FindOverdue,
    Finish,
    Reschedule,
    Schedule,
    Start,
)
from services.sessions.domain.log_commands import Amend, Approve, Draft, Lock, Log, Return, Void
from services.sessions.domain.refusing import unknown
from services.sessions.domain.stages import (
    Begun,
    Cancelled,
    Coming,
    Known,
    Locked,
    Missed,
    Session,
    Stage,
    Submitted,
    Unplanned,
    Voided,
)
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked, SessionReturned
from shared.contracts.sessions.session_log import (
    OutcomeRated,
    RoleBoundaryBreached,
    SessionLogDrafted,
    SessionLogged,
)
from shared.kernel.decider import Claim, Decider

Planned: TypeAlias = SessionScheduled | SessionRescheduled | SessionCancelled
Held: TypeAlias = SessionStarted | SessionFinished | SessionOverdue | SessionMissed
Recorded: TypeAlias = SessionLogDrafted | SessionLogged | OutcomeRated | LogOverdue | RoleBoundaryBreached
Settled: TypeAlias = SessionReturned | SessionApproved | SessionLocked | SessionAmended | SessionVoided
SessionFact: TypeAlias = Planned | Held | Recorded | Settled


def decide(state: Session, command: Command) -> Sequence[SessionFact]:
    if isinstance(command, Schedule):
        return planning.schedule(state, command)
    if isinstance(state, Unplanned):
        raise unknown()
    match command:
        case Reschedule():
            return planning.reschedule(state, command)
        case Cancel():
            return planning.cancel(state, command)
        case Start():
            return contact.start(state, command)
        case Finish():
            return contact.finish(state, command)
        case FindOverdue():
            return contact.find_overdue(state, command)
        case FindEnded():
            return contact.find_ended(state, command)
        case FindLogOverdue():
            return record.find_overdue(state, command)
        case Draft():
            return record.draft(state, command)
        case Log():
            return record.log(state, command)
        case Return():
            return approval.return_(state, command)
        case Approve():
            return approval.approve(state, command)
        case Lock():
            return approval.lock(state, command)
        case Amend():
            return amending.amend(state, command)
        case Void():
            return amending.void(state, command)
        case _:
            assert_never(command)


def evolve(state: Session, fact: SessionFact) -> Session:
    match state, fact:
        case _, SessionScheduled():
            return Known(fact)
        case Unplanned(), _:
            return state
        case Known(plan), SessionRescheduled(starts_at=starts_at, ends_at=ends_at):
            moved = plan.model_copy(update={"starts_at": starts_at, "ends_at": ends_at})
            return replace(state, plan=moved, stage=Coming())
        case Known(breaches=breaches), RoleBoundaryBreached(attempted_at=attempted_at):
            return replace(state, breaches=breaches | {attempted_at})
        case Known(stage=stage), _:
            return replace(state, stage=_stage(stage, fact))


def claims(state: Session) -> frozenset[Claim]:
    """Neither the mentor nor the child is in two sessions at once, and what took place keeps its time."""
    match state:
        case Known(plan, Coming() | Begun() | Submitted() | Locked()):
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
        case _:
            return frozenset()


session: Decider[Session, Command] = Decider("session", Unplanned(), decide, evolve, claims)


def _stage(stage: Stage, fact: SessionFact) -> Stage:
    match stage, fact:
        case ((Coming() | Missed()), SessionOverdue(minutes=minutes)):
            return replace(stage, overdue=stage.overdue | {minutes})
        case Coming(overdue), SessionMissed():
            return Missed(overdue)
        case ((Coming() | Missed()), SessionStarted(started_at=started_at)):
            return Begun(started_at)
        case ((Coming() | Missed()), SessionCancelled()):
            return Cancelled()
        case Begun(), SessionFinished(finished_at=finished_at, presumed=presumed):
            return replace(stage, finished_at=finished_at, presumed=presumed)
        case Begun(), SessionLogDrafted():
            return replace(stage, draft=fact)
        case Begun(overdue=overdue), LogOverdue(hours=hours):
            return replace(stage, overdue=overdue | {hours})
        case Begun(submissions=submissions), SessionLogged():
            return Submitted(replace(stage, submissions=submissions + 1), fact)
        case Submitted(ratings=ratings), OutcomeRated(outcome_id=outcome_id, rating=rating):
            return replace(stage, ratings=ratings | {(outcome_id, rating)})
        case Submitted(begun=begun), SessionReturned(returned_at=returned_at):
            return replace(begun, draft=None, returned_at=returned_at, overdue=frozenset())
        case Submitted(), SessionApproved():
            return replace(stage, approved=True)
        case Submitted(log=log), SessionLocked(contact_minutes=minutes):
            return Locked(log, minutes)
        case ((Begun() | Locked()), SessionAmended(number=number, contact_minutes=minutes)):
            return Locked(fact, minutes, number)
        case _, SessionVoided():
            return Voided()
        case _:
            return stage
