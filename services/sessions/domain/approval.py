"""What the office makes of a log: returned, approved by somebody else than who handed it in, locked."""

from collections.abc import Sequence

from services.sessions.domain.log_commands import Approve, Lock, Return
from services.sessions.domain.refusing import cancelled, locked, not_logged, voided
from services.sessions.domain.stages import Begun, Cancelled, Known, Locked, Submitted, Voided
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked, SessionReturned
from shared.kernel.decider import Refused


def return_(known: Known, command: Return) -> Sequence[SessionReturned]:
    """The log goes back, also after its approval; not once it is locked."""
    plan = known.plan
    if isinstance(known.stage, Begun) and known.stage.returned_at is not None:
        return ()
    _submitted(known, "there is nothing to return.")
    returned = SessionReturned(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        reason=command.reason,
        returned_by=command.by,
        returned_at=command.at,
    )
    return (returned,)


def approve(known: Known, command: Approve) -> Sequence[SessionApproved]:
    """The minutes are verified. Nobody approves their own log."""
    plan = known.plan
    if isinstance(known.stage, Locked):
        return ()
    submitted = _submitted(known, "approve it when it was.")
    if submitted.approved:
        return ()
    if command.by == submitted.log.logged_by or _name(command.by) == str(plan.mentor_id):
        raise Refused("own_log", "Nobody approves their own log; ask another coordinator.")
    approved = SessionApproved(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        assignment_id=plan.assignment_id,
        starts_at=plan.starts_at,
        contact_minutes=submitted.log.contact_minutes,
        ratio=submitted.log.ratio,
        approved_by=command.by,
        approved_at=command.at,
    )
    return (approved,)


def lock(known: Known, command: Lock) -> Sequence[SessionLocked]:
    """An approved log is final."""
    plan = known.plan
    if isinstance(known.stage, Locked):
        return ()
    submitted = _submitted(known, "have it logged and approved first.")
    if not submitted.approved:
        raise Refused("session_not_approved", "This log is not approved; have it approved first.")
    final = SessionLocked(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        assignment_id=plan.assignment_id,
        starts_at=plan.starts_at,
        contact_minutes=submitted.log.contact_minutes,
        ratio=submitted.log.ratio,
        period_id=command.period_id,
        locked_at=command.at,
    )
    return (final,)


def _submitted(known: Known, do_next: str) -> Submitted:
    match known.stage:
        case Submitted() as submitted:
            return submitted
        case Locked():
            raise locked()
        case Cancelled():
            raise cancelled(do_next)
        case Voided():
            raise voided()
        case _:
            raise not_logged(do_next)


def _name(actor: str) -> str:
    return actor.partition(":")[2]
