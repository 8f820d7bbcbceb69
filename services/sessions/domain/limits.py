"""How much contact there can have been, until when it lasted, and when its log is late."""

from datetime import datetime, timedelta

from services.sessions.domain.stages import Begun
from shared.contracts.sessions.session import SessionFinished, SessionScheduled
from shared.kernel.decider import Refused

DUE_AFTER = timedelta(hours=24)
"""After the session's end, or the log's return: until then it is to be handed in."""
LATE_AFTER = timedelta(hours=48)
"""From here on the log is marked late."""
REASON_AFTER = timedelta(hours=72)
"""From here on a coordinator has to say why."""
MINUTE = timedelta(minutes=1)


def finished(plan: SessionScheduled, at: datetime, *, presumed: bool) -> SessionFinished:
    """Contact has ended, and from the planned end on the log is waited for."""
    return SessionFinished(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        finished_at=at,
        presumed=presumed,
        log_due_at=plan.ends_at + DUE_AFTER,
    )


def wanted_since(plan: SessionScheduled, begun: Begun) -> datetime:
    """From when on the log is waited for: the planned end, or its return."""
    return begun.returned_at or plan.ends_at


def check_minutes(plan: SessionScheduled, begun: Begun, minutes: int, at: datetime) -> None:
    """Refused when there was less time: from the start to now, the end, or the planned end, the earliest."""
    said = begun.finished_at if begun.finished_at and not begun.presumed else plan.ends_at
    end = min(at, plan.ends_at, said)
    most = max((end - begun.started_at) // MINUTE, 0)
    if not 0 <= minutes <= most:
        message = f"Only {most} minutes had passed from the start to the end of contact, or its planned end."
        raise Refused("invalid_contact_minutes", f"{message} Log no more than that.")
