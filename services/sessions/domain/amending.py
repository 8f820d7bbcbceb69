"""Putting right what is on record: amended with a reason, or voided; what was there stays."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.sessions.domain.boundary import check_role
from services.sessions.domain.contact import EARLIEST_START
from services.sessions.domain.limits import check_minutes
from services.sessions.domain.log_commands import Amend, Void
from services.sessions.domain.permission import check_assigned, school_day
from services.sessions.domain.planning import MINUTE, planned_minutes
from services.sessions.domain.refusing import cancelled, not_started, voided
from services.sessions.domain.stages import Begun, Cancelled, Coming, Known, Locked, Missed, Submitted, Voided
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_log import SessionLogged
from shared.contracts.words.sessions import Activity, Ratio
from shared.kernel.decider import Refused


def amend(known: Known, command: Amend) -> Sequence[SessionAmended]:
    """What a locked log should have said; or the log that did not come before the payroll cut-off."""
    plan = known.plan
    if isinstance(known.stage, Locked) and _says_again(known.stage.record, command):
        return ()
    before = _before(known, command)
    check_role(known, command.activities, command.at)
    if not command.activities or len(set(command.activities)) != len(command.activities):
        raise Refused("invalid_activities", "Name at least one activity, and each one once.")
    if not command.reason.strip():
        raise Refused("invalid_reason", "Say in plain words why the record is amended.")
    amended = SessionAmended(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        assignment_id=plan.assignment_id,
        starts_at=plan.starts_at,
        number=before.amendments + 1,
        reason_code=command.reason_code,
        reason=command.reason.strip(),
        activities_before=before.activities,
        activities=command.activities,
        areas=command.areas,
        contact_minutes_before=before.paid,
        contact_minutes=command.contact_minutes,
        ratio_before=before.ratio,
        ratio=command.ratio,
        incidental_help=command.incidental_help,
        notes=command.notes,
        amended_by=command.by,
        amended_at=command.at,
    )
    return (amended,)


def void(known: Known, command: Void) -> Sequence[SessionVoided]:
    """A session on record does not count; what was paid for it is reversed."""
    plan = known.plan
    match known.stage:
        case Coming():
            raise Refused("session_not_begun", "This session has not begun; cancel it instead.")
        case Cancelled():
            raise cancelled("there is nothing to void.")
        case Voided():
            return ()
        case stage:
            paid = stage.paid if isinstance(stage, Locked) else 0
    if not command.reason.strip():
        raise Refused("invalid_reason", "Say in plain words why the session does not count.")
    gone = SessionVoided(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        assignment_id=plan.assignment_id,
        starts_at=plan.starts_at,
        reason_code=command.reason_code,
        reason=command.reason.strip(),
        contact_minutes_before=paid,
        voided_by=command.by,
        voided_at=command.at,
    )
    return (gone,)


@dataclass(frozen=True, slots=True)
class _Before:
    """What is on record before an amendment; nothing when the log never came."""

    amendments: int = 0
    activities: tuple[Activity, ...] = ()
    ratio: Ratio | None = None
    paid: int = 0


def _before(known: Known, command: Amend) -> _Before:
    """Refused when there is nothing to amend, or another way is still open."""
    plan = known.plan
    match known.stage:
        case Locked(record=record, paid=paid, amendments=amendments):
            _check_most(known, command.contact_minutes)
            return _Before(amendments, record.activities, record.ratio, paid)
        case Begun() as begun:
            _check_cut_off(command)
            day = school_day(plan.starts_at, plan.time_zone)
            check_assigned(command.support, plan.mentor_id, plan.child_id, day)
            check_minutes(plan, begun, command.contact_minutes, command.at)
            return _Before()
        case Submitted():
            message = "This log is not final yet; return it to the mentor instead, or approve it."
            raise Refused("session_not_locked", message)
        case Coming() | Missed():
            raise not_started()
        case Cancelled():
            raise cancelled("there is nothing to amend.")
        case Voided():
            raise voided()


def _says_again(record: SessionLogged | SessionAmended, command: Amend) -> bool:
    """Whether this is what the newest amendment says. A log that says so already needs no amendment either."""
    same: tuple[tuple[Activity, ...], int, Ratio, bool] = (
        command.activities,
        command.contact_minutes,
        command.ratio,
        command.incidental_help,
    )
    if (record.activities, record.contact_minutes, record.ratio, record.incidental_help) != same:
        return False
    if record.areas != command.areas:
        return False
    if isinstance(record, SessionAmended):
        return (record.reason_code, record.notes) == (command.reason_code, command.notes)
    return command.notes in (None, record.notes)


def _check_cut_off(command: Amend) -> None:
    if command.cut_off_at is None or command.at < command.cut_off_at:
        message = "The log can still be handed in; hand it in, with a reason when it is late."
        raise Refused("session_not_locked", message)


def _check_most(known: Known, minutes: int) -> None:
    most = planned_minutes(known.plan) + EARLIEST_START // MINUTE
    if not 0 <= minutes <= most:
        message = f"At most {most} minutes fit into the planned time and the early start; amend to no more."
        raise Refused("invalid_contact_minutes", message)
