"""Commands for a session of the example story, each allowed as it stands."""

from datetime import timedelta

from services.sessions.domain.commands import Cancel, Schedule, Start
from services.sessions.domain.log_commands import Log
from services.sessions.domain.permission import Support
from shared.contracts.eligibility import REQUIRED, Evidence
from shared.contracts.sessions.session import SessionScheduled, SessionStarted
from shared.contracts.sessions.session_log import SessionLogged
from tests.support.examples import example
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, SCHOOL, SESSION, SUPPORT_BEGINS

scheduled, started, logged = example(SessionScheduled), example(SessionStarted), example(SessionLogged)
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
