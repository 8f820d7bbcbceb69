"""What falls due, as commands: their time comes from the row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.sessions.domain.commands import FindEnded, FindLogOverdue, FindOverdue
from services.sessions.domain.session import session
from services.sessions.policies.timetables import extend
from services.sessions.projections.timetables import HORIZON_DUE
from shared.kernel.projection import DueAction, DueRow, Issue


def _overdue(row: DueRow) -> Issue:
    minutes: Any = row.payload["step"]
    return Issue(session, _session(row), FindOverdue(minutes, at=row.due_at))


def _ended(row: DueRow) -> Issue:
    return Issue(session, _session(row), FindEnded(at=row.due_at))


def _log_overdue(row: DueRow) -> Issue:
    hours: Any = row.payload["step"]
    since = datetime.fromisoformat(row.payload["wanted_since"])
    return Issue(session, _session(row), FindLogOverdue(since, hours, at=row.due_at))


def _session(row: DueRow) -> UUID:
    return UUID(row.payload["session_id"])


DUE: dict[str, DueAction] = {
    "session_overdue": _overdue,
    "session_ended": _ended,
    "log_overdue": _log_overdue,
    HORIZON_DUE: extend,
}
