"""A term for tests: a mentor who may be with the child, the usual calendar, and weekly slots."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.school import SchoolRegistered
from shared.contracts.eligibility import CLEARANCES, TRACKS
from shared.contracts.fact import Fact
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, SUPPORT_BEGINS
from tests.support.served import Served

MONDAYS = [date(2026, 9, 7), date(2026, 9, 14), date(2026, 9, 21), date(2026, 9, 28)]
MORNING = {"weekday": "monday", "starts": "09:00", "minutes": 180}
ASSIGNED = example(MentorAssigned)


def proofs(mentor_id: UUID) -> list[Fact]:
    """What training publishes of a mentor who has everything."""
    since = SUPPORT_BEGINS - timedelta(days=90)
    document = example(ClearanceRecorded).model_copy(update={"mentor_id": mentor_id, "recheck_due_on": None})
    granted = example(CertificationGranted).model_copy(
        update={"mentor_id": mentor_id, "valid_from": since, "valid_until": None}
    )
    return [
        *(document.model_copy(update={"kind": kind}) for kind in CLEARANCES),
        *(granted.model_copy(update={"track": track, "certification_id": uuid4()}) for track in TRACKS),
    ]


async def ready(sessions: Served, *, calendar: bool = True) -> None:
    """The example's mentor supports the example's child, and may; the usual terms are published."""
    await sessions.hear("assignments", example(SchoolRegistered), ASSIGNED)
    await sessions.hear("training", *proofs(MENTOR))
    if calendar:
        await sessions.done("/calendars/usual", {"school_year": 2026})


async def set_slots(sessions: Served, *slots: dict[str, Any], **more: Any) -> UUID:
    """A timetable with these slots; Monday mornings, when none are given."""
    body = {"assignment_id": str(ASSIGNED.assignment_id), "slots": list(slots) or [MORNING], **more}
    return UUID((await sessions.done("/timetables", body))["timetable_id"])


async def planned(sessions: Served, **which: Any) -> list[Any]:
    """The child's sessions that are to take place."""
    found = await sessions.ask("/sessions", child_id=CHILD, limit=200, **which)
    return [session for session in found["items"] if session["state"] == "scheduled"]


async def days(sessions: Served, **which: Any) -> list[date]:
    """Their days at the school."""
    return [date.fromisoformat(session["day"]) for session in await planned(sessions, **which)]
