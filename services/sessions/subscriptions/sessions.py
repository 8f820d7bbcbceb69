"""Which facts say how sessions go and who may be with a child, and who in sessions listens to them."""

from typing import get_args

from services.sessions.policies.coming import call_off, check_again, child_absent, mentor_absent
from services.sessions.policies.helping import look_for_pattern
from services.sessions.projections.ladder import Timed, ladder
from services.sessions.projections.logs import Said, logs
from services.sessions.projections.people import (
    SchoolTold,
    Shown,
    SupportTold,
    assignments,
    eligibility,
    outcomes,
    schools,
)
from services.sessions.projections.sessions import Shown as SessionShown
from services.sessions.projections.sessions import sessions
from services.sessions.read_model.coming import (
    coming_sessions,
    sessions_of_absent_child,
    sessions_of_absent_mentor,
)
from services.sessions.read_model.helping import helped_in_passing
from services.sessions.read_model.support import known_of
from shared.contracts.assignments.assignment import AssignmentEnded, AssignmentPaused, PrimaryStoodAside
from shared.contracts.assignments.child import ChildAbsenceReported, ProvisionSpecified
from shared.contracts.assignments.cover import CoverCancelled, CoverGivenBack
from shared.contracts.assignments.mentor import MentorAbsenceReported, MentorWentOnLeave
from shared.contracts.sessions.session import SessionRescheduled, SessionScheduled
from shared.contracts.sessions.session_amendment import SessionAmended
from shared.contracts.sessions.session_log import SessionLogged
from shared.contracts.training.standing import MentorStoodDown, MentorSuspended
from shared.kernel.projection import NO_CLASS, Policy, Projection

_SUPPORT = ("assignments", "pauses", "days_aside", "cover_days")
_LOGS = ("logs", "returns", "amendments", "overdue_logs", "ratings", "breaches", "patterns")

PROJECTIONS = (
    Projection("sessions", get_args(SessionShown), ("sessions",), sessions),
    Projection("logs", get_args(Said), _LOGS, logs),
    Projection("ladder", get_args(Timed), ("due",), ladder, opens=NO_CLASS),
    Projection("schools", get_args(SchoolTold), ("schools",), schools),
    Projection("assignments", get_args(SupportTold), _SUPPORT, assignments),
    Projection("outcomes", (ProvisionSpecified,), ("outcomes",), outcomes),
    Projection("eligibility", get_args(Shown), ("eligibility",), eligibility, opens=NO_CLASS),
)

POLICIES = (
    Policy("stand_down", (MentorStoodDown, MentorSuspended), call_off, coming_sessions),
    Policy("end_support", (AssignmentEnded, AssignmentPaused), call_off, coming_sessions),
    Policy("go_on_leave", (MentorWentOnLeave,), call_off, coming_sessions),
    Policy(
        "give_way_to_cover",
        (PrimaryStoodAside, CoverGivenBack, CoverCancelled),
        call_off,
        coming_sessions,
    ),
    Policy("mentor_absent", (MentorAbsenceReported,), mentor_absent, sessions_of_absent_mentor),
    Policy("child_absent", (ChildAbsenceReported,), child_absent, sessions_of_absent_child),
    Policy("check_again", (SessionScheduled, SessionRescheduled), check_again, known_of),
    Policy(
        "look_for_pattern",
        (SessionLogged, SessionAmended),
        look_for_pattern,
        helped_in_passing,
        opens=NO_CLASS,
    ),
)
