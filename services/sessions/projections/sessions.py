"""Facts in, rows out: the sessions, as they are planned now and how far they have come."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from services.sessions.domain.permission import school_day
from services.sessions.domain.session import Held, Planned, Settled
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
from shared.contracts.sessions.session_log import SessionLogDrafted, SessionLogged
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

Shown: TypeAlias = Planned | Held | Settled | SessionLogDrafted | SessionLogged | LogOverdue

_RECORD = ("activities", "areas", "contact_minutes", "ratio", "incidental_help", "notes")


def sessions(recorded: Recorded[Shown]) -> Iterator[Row]:
    """Every session: its plan, its state, and what counts of its log."""
    fact = recorded.fact
    yield Put("sessions", {"session_id": fact.session_id}, _columns(fact))


def _columns(fact: Shown) -> dict[str, Any]:
    match fact:
        case SessionScheduled():
            day = school_day(fact.starts_at, fact.time_zone)
            return {**fact.model_dump(exclude={"session_id"}), "day": day, "state": "scheduled"}
        case SessionRescheduled():
            day = school_day(fact.starts_at, fact.time_zone)
            return {**_of(fact, "starts_at", "ends_at"), "day": day, "overdue_minutes": None}
        case SessionCancelled():
            of = _of(fact, "cancelled_by", "chargeable", "cancelled_at")
            return {**of, "cancel_reason": fact.reason, "state": "cancelled"}
        case SessionStarted():
            return {**_of(fact, "started_at"), "missed_at": None, "state": "in_progress"}
        case SessionFinished():
            return {**_of(fact, "finished_at"), "state": "awaiting_log"}
        case SessionOverdue(minutes=minutes):
            return {"overdue_minutes": minutes}
        case SessionMissed():
            return {**_of(fact, "missed_at"), "state": "missed"}
        case SessionLogDrafted():
            return {"draft": fact.model_dump(mode="json", include={*_RECORD, "drafted_at"}), "state": "draft"}
        case SessionLogged():
            of = _of(fact, *_RECORD, "submission", "logged_at", "logged_by", "late", "late_reason")
            settled = {"draft": None, "log_overdue_hours": None, "return_reason": None}
            return {**of, **settled, "state": "submitted"}
        case LogOverdue(hours=hours):
            return {"log_overdue_hours": hours}
        case SessionReturned(reason=reason):
            return {"return_reason": reason, "approved_at": None, "approved_by": None, "state": "returned"}
        case SessionApproved():
            return {**_of(fact, "approved_at", "approved_by"), "state": "approved"}
        case SessionLocked():
            return {**_of(fact, "locked_at", "period_id"), "state": "locked"}
        case SessionAmended(number=number):
            kept = _RECORD if fact.notes is not None else _RECORD[:-1]
            settled = {"draft": None, "log_overdue_hours": None}
            return {**_of(fact, *kept), **settled, "amendments": number, "state": "amended"}
        case SessionVoided():
            codes = {"void_reason_code": fact.reason_code, "void_reason": fact.reason}
            return {**_of(fact, "voided_at", "voided_by"), **codes, "draft": None, "state": "voided"}


def _of(fact: Shown, *names: str) -> dict[str, Any]:
    return fact.model_dump(include=set(names))
