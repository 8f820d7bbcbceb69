"""Facts in, rows out: the sessions, and refused attempts to log work with the whole class."""

from collections.abc import Iterator
from typing import Any

from services.sessions.domain.permission import school_day
from services.sessions.domain.session import SessionFact
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def sessions(recorded: Recorded[SessionFact]) -> Iterator[Row]:
    """Every session and how it went; refused attempts to log work with the whole class."""
    fact = recorded.fact
    key = {"session_id": fact.session_id}
    match fact:
        case SessionScheduled():
            day = school_day(fact.starts_at, fact.time_zone)
            yield Put(
                "sessions",
                key,
                {**_of(fact, "session_id", "timetable_id", "cover"), "day": day, "state": "planned"},
            )
        case SessionStarted(started_at=started_at):
            yield Put("sessions", key, {"state": "begun", "started_at": started_at})
        case SessionLogged():
            logged = _of(
                fact, "session_id", "mentor_id", "child_id", "school_id", "areas", "submission", "logged_by"
            )
            yield Put("sessions", key, {**logged, "state": "logged"})
        case SessionCancelled():
            named = ("cancelled_by", "chargeable", "cancelled_at")
            cancelled = {name: getattr(fact, name) for name in named}
            yield Put("sessions", key, {**cancelled, "cancel_reason": fact.reason, "state": "cancelled"})
        case RoleBoundaryBreached(attempted_at=attempted_at):
            attempt = _of(fact, "session_id", "attempted_at")
            yield Put("breaches", {**key, "attempted_at": attempted_at}, attempt)


def _of(fact: SessionFact, *but: str) -> dict[str, Any]:
    return fact.model_dump(exclude=set(but))
