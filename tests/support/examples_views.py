"""One valid example of every service's fact of a view."""

from datetime import timedelta
from typing import Any

from shared.contracts.assignments.view import RecordViewed as AssignmentsViewed
from shared.contracts.audit.view import RecordViewed as AuditViewed
from shared.contracts.fact import Fact
from shared.contracts.notifications.view import RecordViewed as NotificationsViewed
from shared.contracts.sessions.view import RecordViewed as SessionsViewed
from shared.contracts.training.view import RecordViewed as TrainingViewed
from tests.support.people import CHILD, MENTOR, MONDAY_NINE, SESSION, VIEW


def _viewed(record: str, **about: Any) -> dict[str, Any]:
    return {
        "view_id": VIEW,
        "viewer": "ruth",
        "viewer_role": "coordinator",
        "record": record,
        "viewed_at": MONDAY_NINE + timedelta(hours=9),
        "purpose": "care",
        "classes": ("profile", "casework"),
        **about,
    }


EXAMPLES: tuple[Fact, ...] = (
    AssignmentsViewed(**_viewed("/assignments/children/{child_id}", child_id=CHILD)),
    SessionsViewed(**_viewed("/sessions/sessions/{session_id}", session_id=SESSION, child_id=CHILD)),
    TrainingViewed(**_viewed("/training/mentors/{mentor_id}/compliance", mentor_id=MENTOR)),
    NotificationsViewed(**_viewed("/notifications/alerts", mentor_id=MENTOR)),
    AuditViewed(**_viewed("/audit/timelines/children/{child_id}", child_id=CHILD)),
)
