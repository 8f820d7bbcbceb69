"""Commands for a session of the example story, each allowed as it stands."""

from datetime import timedelta

from services.sessions.domain.commands import Cancel, Finish, Reschedule, Schedule, Start
from services.sessions.domain.log_commands import Amend, Approve, Draft, Lock, Log, Return, Void
from services.sessions.domain.permission import Support
from shared.contracts.eligibility import REQUIRED, Evidence
from shared.contracts.sessions.session import (
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked, SessionReturned
from shared.contracts.sessions.session_log import SessionLogDrafted, SessionLogged
from tests.support.examples import example
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, SCHOOL, SESSION, SUPPORT_BEGINS

scheduled, started, logged = example(SessionScheduled), example(SessionStarted), example(SessionLogged)
moved, finished = example(SessionRescheduled), example(SessionFinished)
drafted, returned, approved = example(SessionLogDrafted), example(SessionReturned), example(SessionApproved)
locked, amended, voided = example(SessionLocked), example(SessionAmended), example(SessionVoided)
STARTS, ENDS = scheduled.starts_at, scheduled.ends_at
DAY = STARTS.date()

SUPPORT = Support(ASSIGNMENT, MENTOR, CHILD, SCHOOL, SUPPORT_BEGINS)
READY = tuple(Evidence(item, DAY - timedelta(days=100)) for item in REQUIRED)

SCHEDULE = Schedule(
    session_id=SESSION,
    mentor_id=MENTOR,
    child_id=CHILD,
    starts_at=STARTS,
    ends_at=ENDS,
    time_zone="Europe/London",
    support=SUPPORT,
    evidence=READY,
    at=STARTS - timedelta(days=3),
)
START = Start(started.started_at, SUPPORT, READY, at=started.started_at)
LOG = Log(
    activities=logged.activities,
    contact_minutes=logged.contact_minutes,
    ratio=logged.ratio,
    incidental_help=logged.incidental_help,
    notes=logged.notes,
    support=SUPPORT,
    at=logged.logged_at,
    by=logged.logged_by,
    areas=logged.areas,
)
CANCEL = Cancel("school", "school_closed", STARTS - timedelta(hours=2))
RESCHEDULE = Reschedule(moved.starts_at, moved.ends_at, moved.reason, SUPPORT, READY, at=moved.rescheduled_at)
FINISH = Finish(finished.finished_at, at=finished.finished_at)
DRAFT = Draft(
    activities=drafted.activities,
    contact_minutes=drafted.contact_minutes,
    ratio=drafted.ratio,
    incidental_help=drafted.incidental_help,
    notes=drafted.notes,
    at=drafted.drafted_at,
)
RETURN = Return(returned.reason, returned.returned_by, returned.returned_at)
APPROVE = Approve(approved.approved_by, approved.approved_at)
LOCK = Lock(locked.period_id, locked.locked_at)
AMEND = Amend(
    reason_code=amended.reason_code,
    reason=amended.reason,
    activities=amended.activities,
    contact_minutes=amended.contact_minutes,
    ratio=amended.ratio,
    incidental_help=amended.incidental_help,
    notes=amended.notes,
    support=SUPPORT,
    cut_off_at=None,
    by=amended.amended_by,
    at=amended.amended_at,
    areas=amended.areas,
)
VOID = Void(voided.reason_code, voided.reason, voided.voided_by, voided.voided_at)
