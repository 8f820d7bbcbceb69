"""One valid example of every fact of a session as it is planned, takes place, or does not."""

from datetime import timedelta

from shared.contracts.fact import Fact
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, MONDAY_NINE, SCHOOL, SESSION

NOON = MONDAY_NINE + timedelta(hours=3)
OF = {"session_id": SESSION, "mentor_id": MENTOR, "child_id": CHILD, "school_id": SCHOOL}
PLAN = {**OF, "assignment_id": ASSIGNMENT, "starts_at": MONDAY_NINE, "ends_at": NOON}

EXAMPLES: tuple[Fact, ...] = (
    SessionScheduled.model_validate({**PLAN, "time_zone": "Europe/London"}),
    SessionRescheduled.model_validate(
        {
            **PLAN,
            "starts_at": MONDAY_NINE + timedelta(hours=1),
            "ends_at": NOON + timedelta(hours=1),
            "starts_at_before": MONDAY_NINE,
            "ends_at_before": NOON,
            "time_zone": "Europe/London",
            "reason": "school_asked",
            "rescheduled_at": MONDAY_NINE - timedelta(days=2),
        }
    ),
    SessionStarted.model_validate({**OF, "started_at": MONDAY_NINE + timedelta(minutes=2)}),
    SessionFinished.model_validate({**OF, "finished_at": NOON, "log_due_at": NOON + timedelta(hours=24)}),
    SessionOverdue.model_validate({**PLAN, "minutes": 10, "overdue_at": MONDAY_NINE + timedelta(minutes=10)}),
    SessionMissed.model_validate(
        {**PLAN, "planned_minutes": 180, "why": "nobody_started", "missed_at": NOON}
    ),
    LogOverdue.model_validate(
        {**OF, "wanted_since": NOON, "hours": 24, "overdue_at": NOON + timedelta(hours=24)}
    ),
    SessionCancelled.model_validate(
        {
            **PLAN,
            "planned_minutes": 180,
            "cancelled_by": "school",
            "reason": "school_closed",
            "chargeable": True,
            "cancelled_at": MONDAY_NINE - timedelta(hours=2),
        }
    ),
)
