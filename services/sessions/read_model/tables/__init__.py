"""The read model's tables, each written by one projection."""

from services.sessions.read_model.tables.logs import (
    amendments,
    breaches,
    logs,
    overdue_logs,
    patterns,
    ratings,
    returns,
)
from services.sessions.read_model.tables.metadata import metadata
from services.sessions.read_model.tables.sessions import sessions
from services.sessions.read_model.tables.support import (
    assignments,
    cover_days,
    days_aside,
    eligibility,
    outcomes,
    pauses,
    schools,
)

__all__ = [
    "amendments",
    "assignments",
    "breaches",
    "cover_days",
    "days_aside",
    "eligibility",
    "logs",
    "metadata",
    "outcomes",
    "overdue_logs",
    "patterns",
    "pauses",
    "ratings",
    "returns",
    "schools",
    "sessions",
]
