"""Which facts say what is planned, paid and delivered, and who in sessions listens to them."""

from typing import get_args

from services.sessions.domain.timetable import TimetableFact
from services.sessions.policies.payroll import lock
from services.sessions.policies.timetables import LOOK_AGAIN, cover_begins, look_again, plan, support_ends
from services.sessions.projections.accounts import AccountFact, PayFact, pay_periods, session_accounts
from services.sessions.projections.delivery import OfChild, child_history
from services.sessions.projections.people import SchoolTold
from services.sessions.projections.timetables import (
    AwayTold,
    away,
    calendars,
    school_authorities,
    timetables,
)
from services.sessions.read_model.pay_periods import to_lock
from services.sessions.read_model.planning import affected_by, drawn_for
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.sessions.calendar import CalendarPublished
from shared.contracts.sessions.pay_period import PayPeriodClosed
from shared.contracts.sessions.timetable import TimetableExpanded
from shared.kernel.projection import NO_CLASS, Policy, Projection

PROJECTIONS = (
    Projection("calendars", (CalendarPublished,), ("calendars",), calendars),
    Projection("school_authorities", get_args(SchoolTold), ("school_authorities",), school_authorities),
    Projection(
        "timetables", get_args(TimetableFact), ("timetables", "timetable_versions", "due"), timetables
    ),
    Projection("away", get_args(AwayTold), ("away",), away),
    Projection(
        "session_accounts",
        get_args(AccountFact),
        ("session_accounts", "session_approvals", "session_corrections"),
        session_accounts,
        opens=NO_CLASS,
    ),
    Projection("pay_periods", get_args(PayFact), ("pay_periods",), pay_periods),
    Projection("child_history", get_args(OfChild), ("child_history",), child_history, opens=NO_CLASS),
)

POLICIES = (
    Policy("plan_timetable", (TimetableExpanded,), plan, drawn_for),
    Policy("look_again", tuple(LOOK_AGAIN), look_again, affected_by, opens=NO_CLASS),
    Policy("cover_begins", (MentorAssigned,), cover_begins, affected_by),
    Policy("timetable_ends", (AssignmentEnded,), support_ends, affected_by),
    Policy("lock_period", (PayPeriodClosed,), lock, to_lock),
)
