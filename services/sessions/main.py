"""The front door of sessions."""

from pathlib import Path

from services.sessions.api import reading, sessions
from services.sessions.read_model.tables import metadata
from services.sessions.subscriptions import POLICIES, PROJECTIONS
from shared.contracts.sessions.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="sessions",
    routers=(sessions.router, reading.router),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=PROJECTIONS,
    policies=POLICIES,
    refusals={
        "no_active_assignment": "The mentor is not assigned to this child on that day. Assign them first.",
        "mentor_not_deployable": "Something required is missing or lapsed; `items` names each and its date.",
        "session_overlaps": "The mentor or the child has another session in that time. Choose another time.",
        "already_scheduled": "A session does not change. Cancel it and schedule another one.",
        "session_unknown": "There is no such session. Schedule it first.",
        "session_cancelled": "The session was cancelled. Schedule another one.",
        "session_took_place": "A session that has begun is not cancelled. Log it, or have it amended.",
        "session_in_future": "A session is logged when it has taken place.",
        "session_not_started": "A session is started, with the time contact began, before it is logged.",
        "already_logged": "The session is logged. A coordinator amends it.",
        "late_reason_required": "More than 72 hours after the session, a coordinator logs it with a reason.",
        "role_boundary_breached": "A Learning Mentor supports one child and must not be used to facilitate "
        "the whole class. Log only what was done with the child. The attempt is recorded.",
        "invalid_ends_at": "A session ends after it starts, on the same day at the school, within 12 hours.",
        "invalid_time_zone": "A time zone has its IANA name, such as Europe/London.",
        "invalid_started_at": "A session starts at most 15 minutes early, before its end, not in the future.",
        "invalid_activities": "A log names at least one activity, and each one once.",
        "invalid_contact_minutes": "No more contact is logged than there was time for since the start.",
    },
    viewed=RecordViewed,
)

if __name__ == "__main__":
    run(service)
