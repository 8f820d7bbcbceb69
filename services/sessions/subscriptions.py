"""Which facts sessions listens to, and who in it listens."""

from typing import get_args

from services.sessions.domain.session import SessionFact
from services.sessions.policies.coming import check_again, end_support, stand_down
from services.sessions.projections.people import (
    SchoolTold,
    Shown,
    SupportTold,
    assignments,
    eligibility,
    schools,
)
from services.sessions.projections.sessions import sessions
from services.sessions.read_model.coming import coming_sessions_of_assignment, coming_sessions_of_mentor
from services.sessions.read_model.support import known_of
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.sessions.session import SessionScheduled
from shared.contracts.training.standing import MentorStoodDown
from shared.kernel.projection import Policy, Projection

PROJECTIONS = (
    Projection("sessions", get_args(SessionFact), ("sessions", "breaches"), sessions),
    Projection("schools", get_args(SchoolTold), ("schools",), schools),
    Projection("assignments", get_args(SupportTold), ("assignments",), assignments),
    Projection("eligibility", get_args(Shown), ("eligibility",), eligibility),
)

POLICIES = (
    Policy("stand_down", (MentorStoodDown,), stand_down, coming_sessions_of_mentor),
    Policy("end_support", (AssignmentEnded,), end_support, coming_sessions_of_assignment),
    Policy("check_again", (SessionScheduled,), check_again, known_of),
)
