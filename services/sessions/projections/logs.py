"""Facts in, rows out: what was said of a session and stays readable, whatever was said later."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.sessions.ladder import LogOverdue
from shared.contracts.sessions.session_amendment import SessionAmended
from shared.contracts.sessions.session_approval import SessionReturned
from shared.contracts.sessions.session_log import (
    IncidentalHelpPatternFound,
    OutcomeRated,
    RoleBoundaryBreached,
    SessionLogged,
)
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

Said: TypeAlias = (
    SessionLogged
    | SessionReturned
    | SessionAmended
    | LogOverdue
    | OutcomeRated
    | RoleBoundaryBreached
    | IncidentalHelpPatternFound
)

_WHOSE = {"session_id", "mentor_id", "child_id", "school_id"}


def logs(recorded: Recorded[Said]) -> Iterator[Row]:
    """Each log handed in, each return and amendment, each reminder, rating and refused attempt."""
    fact, known = recorded.fact, {"recorded_at": recorded.recorded_at}
    match fact:
        case SessionLogged(session_id=session_id, submission=submission):
            log = fact.model_dump(exclude=(_WHOSE | {"submission"}) - {"mentor_id", "child_id"})
            yield Put("logs", {"session_id": session_id, "submission": submission}, {**log, **known})
        case SessionReturned(session_id=session_id, returned_at=returned_at):
            said = {"child_id": fact.child_id, "reason": fact.reason, "returned_by": fact.returned_by}
            yield Put("returns", {"session_id": session_id, "returned_at": returned_at}, said)
        case SessionAmended(session_id=session_id, number=number):
            said = fact.model_dump(exclude=(_WHOSE | {"assignment_id", "starts_at", "number"}) - {"child_id"})
            yield Put("amendments", {"session_id": session_id, "number": number}, {**said, **known})
        case LogOverdue(session_id=session_id, wanted_since=since, hours=hours):
            key = {"session_id": session_id, "wanted_since": since, "hours": hours}
            yield Put("overdue_logs", key, {"overdue_at": fact.overdue_at, **known})
        case OutcomeRated(session_id=session_id, outcome_id=outcome_id):
            rated = fact.model_dump(include={"child_id", "rating", "rated_at"})
            yield Put("ratings", {"session_id": session_id, "outcome_id": outcome_id}, rated)
        case RoleBoundaryBreached(session_id=session_id, attempted_at=attempted_at):
            attempt = fact.model_dump(exclude={"session_id", "attempted_at"})
            key = {"session_id": session_id, "attempted_at": attempted_at}
            yield Put("breaches", key, {**attempt, "actor": recorded.actor})
        case IncidentalHelpPatternFound(mentor_id=mentor_id, last_at=last_at):
            found = fact.model_dump(exclude={"mentor_id", "last_at"})
            yield Put("patterns", {"mentor_id": mentor_id, "last_at": last_at}, found)
