"""Facts in, rows out: what each session comes to for the timetable and for pay, and the pay periods."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from services.sessions.domain.permission import school_day
from shared.contracts.sessions.ladder import SessionMissed
from shared.contracts.sessions.pay_period import PayPeriodClosed, PayPeriodOpened
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked, SessionReturned
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

AccountFact: TypeAlias = (
    SessionScheduled
    | SessionRescheduled
    | SessionStarted
    | SessionFinished
    | SessionLogged
    | SessionReturned
    | SessionApproved
    | SessionLocked
    | SessionAmended
    | SessionVoided
    | SessionCancelled
    | SessionMissed
)
PayFact: TypeAlias = PayPeriodOpened | PayPeriodClosed


def session_accounts(recorded: Recorded[AccountFact]) -> Iterator[Row]:
    """One row for each session: when, whose, how far it has come, and the minutes that count."""
    fact = recorded.fact
    yield Put("session_accounts", {"session_id": fact.session_id}, _account(recorded))
    if isinstance(fact, SessionApproved | SessionReturned):
        key = {"session_id": fact.session_id, "position": recorded.position}
        yield Put("session_approvals", key, _approval(fact))
    if isinstance(fact, SessionAmended):
        key = {"session_id": fact.session_id, "number": fact.number}
        amended = {
            "reason_code": fact.reason_code,
            "minutes_before": fact.contact_minutes_before,
            "minutes": fact.contact_minutes,
            "amended_at": fact.amended_at,
            "position": recorded.position,
        }
        yield Put("session_corrections", key, amended)


def _approval(fact: SessionApproved | SessionReturned) -> dict[str, Any]:
    if isinstance(fact, SessionReturned):
        return {"returned": True, "minutes": None, "at": fact.returned_at}
    return {"returned": False, "minutes": fact.contact_minutes, "at": fact.approved_at}


def _account(recorded: Recorded[AccountFact]) -> dict[str, Any]:
    fact, position = recorded.fact, recorded.position
    match fact:
        case SessionScheduled():
            day = school_day(fact.starts_at, fact.time_zone)
            return {
                **fact.model_dump(exclude={"session_id"}),
                "day": day,
                "state": "coming",
                "by_hand": False,
            }
        case SessionRescheduled(starts_at=starts_at, ends_at=ends_at, time_zone=time_zone, reason=reason):
            day, by_hand = school_day(starts_at, time_zone), reason != "timetable_changed"
            return {"starts_at": starts_at, "ends_at": ends_at, "day": day, "by_hand": by_hand}
        case SessionStarted() | SessionFinished():
            return {"state": "begun"}
        case SessionLogged(contact_minutes=minutes):
            return {"state": "logged", "contact_minutes": minutes}
        case SessionReturned():
            return {"state": "begun"}
        case SessionApproved(contact_minutes=minutes):
            return {"state": "approved", "contact_minutes": minutes, "approved_position": position}
        case SessionLocked(period_id=period_id, locked_at=at):
            return {"state": "locked", "period_id": period_id, "locked_at": at}
        case SessionAmended(contact_minutes=minutes):
            return {"state": "locked", "contact_minutes": minutes}
        case SessionVoided(reason_code=reason, voided_at=at):
            return {"state": "voided", "void_reason": reason, "voided_at": at, "voided_position": position}
        case SessionCancelled():
            return {
                "state": "cancelled",
                "cancelled_by": fact.cancelled_by,
                "cancel_reason": fact.reason,
                "chargeable": fact.chargeable,
                "cancelled_minutes": fact.planned_minutes,
                "cancelled_at": fact.cancelled_at,
                "cancelled_position": position,
                # What the house's own rules called off comes back with the reason gone; what somebody did does not.
                "by_hand": not recorded.actor.startswith("policy:"),
            }
        case SessionMissed():
            return {"state": "missed"}


def pay_periods(recorded: Recorded[PayFact]) -> Iterator[Row]:
    """Every pay period, open or closed."""
    fact = recorded.fact
    told = fact.model_dump(exclude={"period_id", "totals"})
    if isinstance(fact, PayPeriodClosed):
        told["totals"] = [total.model_dump() for total in fact.totals]
    yield Put("pay_periods", {"period_id": fact.period_id}, told)
