"""A mentor who supports a child and may be with them, and what they do over HTTP."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.sessions.domain.log_commands import Lock
from services.sessions.domain.session import session
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.school import SchoolRegistered
from shared.contracts.eligibility import CLEARANCES, TRACKS, Item
from shared.contracts.fact import Fact
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from shared.kernel.projection import Issue
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, PAY_PERIOD, SUPPORT_BEGINS
from tests.support.served import Served

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GOOD = {"activities": ["comfort"], "contact_minutes": 30, "ratio": "one_to_one", "notes": "well"}
GRACE = {"role": "mentor", "name": str(MENTOR)}
"""The mentor of the story, as a caller."""
RUTH = {"role": "coordinator", "name": "ruth"}
AMENDMENT = {
    **GOOD,
    "contact_minutes": 20,
    "notes": None,
    "reason_code": "wrong_minutes",
    "reason": "Left early for the dentist.",
}


def shown(mentor_id: UUID, *but: Item, until: date | None = None) -> list[Fact]:
    """What training publishes of a mentor who has everything, `but` these."""
    document, granted = example(ClearanceRecorded), example(CertificationGranted)
    valid = {"mentor_id": mentor_id, "valid_from": SUPPORT_BEGINS - 90 * DAY, "valid_until": until}
    kept: dict[str, Any] = {"mentor_id": mentor_id, "recheck_due_on": until}
    return [
        *(document.model_copy(update={**kept, "kind": kind}) for kind in CLEARANCES if kind not in but),
        *(
            granted.model_copy(update={**valid, "track": track, "certification_id": uuid4()})
            for track in TRACKS
            if track not in but
        ),
    ]


def assigned(mentor_id: UUID, child_id: UUID, **also: Any) -> MentorAssigned:
    new = {"assignment_id": uuid4(), "mentor_id": mentor_id, "child_id": child_id, **also}
    return example(MentorAssigned).model_copy(update=new)


async def supported(sessions: Served) -> MentorAssigned:
    """The mentor supports the child, and may be with them."""
    fact = assigned(MENTOR, CHILD)
    await sessions.hear("assignments", example(SchoolRegistered), fact)
    await sessions.hear("training", *shown(MENTOR))
    return fact


def plan(starts_at: datetime, mentor_id: UUID = MENTOR, child_id: UUID = CHILD) -> dict[str, str]:
    """An hour with the child."""
    return {
        "mentor_id": str(mentor_id),
        "child_id": str(child_id),
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + HOUR).isoformat(),
    }


async def schedule(sessions: Served, starts_at: datetime, *pair: UUID) -> str:
    found: str = (await sessions.done("/sessions", plan(starts_at, *pair)))["session_id"]
    return found


async def held(sessions: Served, starts_at: datetime, **log: Any) -> str:
    """A session that was planned, started, and logged an hour later by the mentor."""
    session_id = await schedule(sessions, starts_at)
    sessions.clock.at = max(sessions.clock.at, starts_at)
    await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    sessions.clock.at = max(sessions.clock.at, starts_at + HOUR)
    await sessions.done(f"/sessions/{session_id}/log", {**GOOD, **log}, **GRACE)
    return session_id


async def state(sessions: Served, session_id: str) -> str:
    found: str = (await sessions.ask(f"/sessions/{session_id}"))["state"]
    return found


async def lock(sessions: Served, session_id: str) -> None:
    """As the closing of a pay period does."""
    issue = Issue(session, UUID(session_id), Lock(PAY_PERIOD, sessions.clock.at))
    name = f"lock:{session_id}"
    await sessions.issuer.issue(issue, actor="test", key=name, correlation_id=name, causation_id=name)
    await sessions.settle()
