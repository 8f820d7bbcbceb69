"""One valid example of every fact of a session's log, and of what the office makes of it."""

from datetime import timedelta

from shared.contracts.fact import Fact
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked, SessionReturned
from shared.contracts.sessions.session_log import (
    IncidentalHelpPatternFound,
    OutcomeRated,
    RoleBoundaryBreached,
    SessionLogDrafted,
    SessionLogged,
)
from tests.support.examples_sessions import NOON, OF
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, MONDAY_NINE, OUTCOME, PAY_PERIOD, SCHOOL

LOGGED_AT = MONDAY_NINE + timedelta(hours=8)
DONE = {
    "activities": ("speech_and_language", "playground_supervision"),
    "areas": ("speech_and_language", "social"),
    "contact_minutes": 175,
    "ratio": "one_to_one",
    "notes": "Asked two children to play, in whole sentences.",
}
SUPPORT = {**OF, "assignment_id": ASSIGNMENT, "starts_at": MONDAY_NINE}

EXAMPLES: tuple[Fact, ...] = (
    SessionLogDrafted.model_validate(
        {
            **OF,
            "activities": ("speech_and_language",),
            "notes": "Asked to play.",
            "drafted_at": NOON + timedelta(minutes=5),
        }
    ),
    SessionLogged.model_validate(
        {
            **OF,
            **DONE,
            "incidental_help": False,
            "logged_at": LOGGED_AT,
            "logged_by": f"mentor:{MENTOR}",
            "late": False,
        }
    ),
    OutcomeRated.model_validate({**OF, "outcome_id": OUTCOME, "rating": 3, "rated_at": LOGGED_AT}),
    RoleBoundaryBreached.model_validate(
        {
            **OF,
            "activities": ("english", "whole_class"),
            "attempted_at": MONDAY_NINE + timedelta(hours=7),
        }
    ),
    IncidentalHelpPatternFound(
        mentor_id=MENTOR,
        child_id=CHILD,
        school_id=SCHOOL,
        count=5,
        since=MONDAY_NINE,
        last_at=MONDAY_NINE + timedelta(days=18),
        found_at=MONDAY_NINE + timedelta(days=18, hours=8),
    ),
    SessionReturned.model_validate(
        {
            **OF,
            "reason": "Say which game it was, and who began it.",
            "returned_by": "coordinator:ruth",
            "returned_at": LOGGED_AT + timedelta(hours=16),
        }
    ),
    SessionApproved.model_validate(
        {
            **SUPPORT,
            "contact_minutes": 175,
            "ratio": "one_to_one",
            "approved_by": "coordinator:ruth",
            "approved_at": LOGGED_AT + timedelta(hours=17),
        }
    ),
    SessionLocked.model_validate(
        {
            **SUPPORT,
            "contact_minutes": 175,
            "ratio": "one_to_one",
            "period_id": PAY_PERIOD,
            "locked_at": LOGGED_AT + timedelta(days=25),
        }
    ),
    SessionAmended.model_validate(
        {
            **SUPPORT,
            **DONE,
            "notes": None,
            "incidental_help": False,
            "number": 1,
            "reason_code": "wrong_minutes",
            "reason": "The school's register has Ada leaving for the dentist at eleven.",
            "activities_before": DONE["activities"],
            "contact_minutes_before": 175,
            "contact_minutes": 118,
            "ratio_before": "one_to_one",
            "amended_by": "coordinator:ruth",
            "amended_at": LOGGED_AT + timedelta(days=30),
        }
    ),
    SessionVoided.model_validate(
        {
            **SUPPORT,
            "reason_code": "recorded_in_error",
            "reason": "Ada was on a school trip that day.",
            "contact_minutes_before": 0,
            "voided_by": "coordinator:ruth",
            "voided_at": LOGGED_AT + timedelta(days=2),
        }
    ),
)
