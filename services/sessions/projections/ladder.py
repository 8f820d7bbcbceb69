"""Facts in, due times out: when to look whether a session began, has ended, and was logged."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeAlias, get_args
from uuid import UUID

from services.sessions.domain.limits import DUE_AFTER
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionReturned
from shared.contracts.sessions.session_log import SessionLogged
from shared.contracts.words.sessions import LogHours, OverdueMinutes
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

Timed: TypeAlias = (
    SessionScheduled
    | SessionRescheduled
    | SessionCancelled
    | SessionStarted
    | SessionFinished
    | SessionOverdue
    | SessionMissed
    | SessionLogged
    | LogOverdue
    | SessionReturned
    | SessionAmended
    | SessionVoided
)

MINUTES: tuple[OverdueMinutes, ...] = get_args(OverdueMinutes)
HOURS: tuple[LogHours, ...] = get_args(LogHours)
GRACE = timedelta(hours=24)
"""A session that was put on record after its end is not found missed before so long after that."""


def ladder(recorded: Recorded[Timed]) -> Iterator[Row]:
    """What falls due for a session. What lay in the past already when it was planned is not looked for."""
    fact, now = recorded.fact, recorded.recorded_at
    session_id = fact.session_id
    match fact:
        case (
            SessionScheduled(starts_at=starts_at, ends_at=ends_at)
            | SessionRescheduled(starts_at=starts_at, ends_at=ends_at)
        ):
            for minutes in MINUTES:
                due_at = starts_at + timedelta(minutes=minutes)
                if due_at > now:
                    yield _due("session_overdue", session_id, minutes, due_at)
            yield _due("session_ended", session_id, 0, ends_at if ends_at > now else now + GRACE)
        case SessionStarted():
            yield from (_done("session_overdue", session_id, minutes) for minutes in MINUTES)
        case SessionOverdue(minutes=minutes):
            yield _done("session_overdue", session_id, minutes)
        case SessionMissed():
            yield _done("session_ended", session_id, 0)
        case SessionFinished(log_due_at=log_due_at):
            yield _done("session_ended", session_id, 0)
            yield from _log_wanted(session_id, log_due_at - DUE_AFTER, now)
        case SessionReturned(returned_at=returned_at):
            yield from _log_wanted(session_id, returned_at, now)
        case LogOverdue(hours=hours):
            yield _done("log_overdue", session_id, hours)
        case SessionLogged() | SessionAmended():
            yield _done("session_ended", session_id, 0)
            yield from (_done("log_overdue", session_id, hours) for hours in HOURS)
        case SessionCancelled() | SessionVoided():
            yield _done("session_ended", session_id, 0)
            yield from (_done("session_overdue", session_id, minutes) for minutes in MINUTES)
            yield from (_done("log_overdue", session_id, hours) for hours in HOURS)


def _log_wanted(session_id: UUID, since: datetime, now: datetime) -> Iterator[Row]:
    """What is still to come, and the last step that was reached already: one reminder, and not three at once."""
    reached = [hours for hours in HOURS if since + timedelta(hours=hours) <= now]
    for hours in HOURS[max(len(reached) - 1, 0) :]:
        due_at = since + timedelta(hours=hours)
        yield _due("log_overdue", session_id, hours, due_at, wanted_since=since.isoformat())


def _due(kind: str, session_id: UUID, step: int, due_at: datetime, **also: str) -> Row:
    payload = {"session_id": str(session_id), "step": step, **also}
    return Put("due", _key(kind, session_id, step), {"due_at": due_at, "payload": payload})


def _done(kind: str, session_id: UUID, step: int) -> Row:
    return Drop("due", _key(kind, session_id, step))


def _key(kind: str, session_id: UUID, step: int) -> dict[str, str]:
    return {"kind": kind, "key": f"{session_id}:{step}"}
