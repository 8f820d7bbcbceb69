"""One valid example of every fact of the sessions service."""

from datetime import timedelta

from shared.contracts.fact import Fact
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, MONDAY_NINE, SCHOOL, SESSION

EXAMPLES: tuple[Fact, ...] = (
    SessionScheduled(
        session_id=SESSION,
        assignment_id=ASSIGNMENT,
        mentor_id=MENTOR,
        child_id=CHILD,
        school_id=SCHOOL,
        starts_at=MONDAY_NINE,
        ends_at=MONDAY_NINE + timedelta(hours=3),
        time_zone="Europe/London",
    ),
    SessionStarted(
        session_id=SESSION,
        mentor_id=MENTOR,
        child_id=CHILD,
        started_at=MONDAY_NINE + timedelta(minutes=2),
    ),
    SessionLogged(
        session_id=SESSION,
        mentor_id=MENTOR,
        child_id=CHILD,
        activities=("speech_and_language", "playground_supervision"),
        contact_minutes=175,
        ratio="one_to_one",
        incidental_help=False,
        notes="Asked two children to play, in whole sentences.",
        logged_at=MONDAY_NINE + timedelta(hours=8),
        late=False,
    ),
    RoleBoundaryBreached(
        session_id=SESSION,
        mentor_id=MENTOR,
        child_id=CHILD,
        school_id=SCHOOL,
        activities=("english", "whole_class"),
        attempted_at=MONDAY_NINE + timedelta(hours=7),
    ),
    SessionCancelled(
        session_id=SESSION,
        mentor_id=MENTOR,
        child_id=CHILD,
        cancelled_by="school",
        reason="school_closed",
        chargeable=True,
        cancelled_at=MONDAY_NINE - timedelta(hours=2),
    ),
)
