"""Mentors: engaged, let go, listed, and shown with what they lack."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.api.asking import Email, Name, Today, by_name, listed
from services.assignments.domain.mentor import EngageMentor, LetMentorGo, mentor
from services.assignments.read_model import mentors as questions
from shared.contracts.eligibility import Evidence, Shortfall, shortfalls
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/mentors", tags=["mentors"])


class EngageBody(BaseModel):
    name: Name
    email: Email
    engaged_on: date


class LeaveBody(BaseModel):
    left_on: date


class MentorView(BaseModel):
    """A mentor. `deployable` is what training last decided, and null when it has not yet."""

    mentor_id: UUID
    name: str
    email: str
    engaged_on: date
    left_on: date | None
    deployable: bool | None
    standing_since: date | None


class ShortfallView(BaseModel):
    """A required item that is missing, lapsed, withdrawn or not yet valid, and since (or from) when."""

    item: str
    status: str
    since: date | None
    said: str


class MentorWithShortfalls(MentorView):
    """`shortfalls` is what keeps the mentor from a child on the day asked for."""

    on: date
    shortfalls: list[ShortfallView]
    evidence: list[Evidence]


class MentorPage(BaseModel):
    items: list[MentorView]
    next: str | None


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager")])
async def engage(body: EngageBody, call: Call) -> Response:
    """Engage a mentor."""
    mentor_id = call.new_id()
    return await call.decide(
        mentor,
        mentor_id,
        EngageMentor(mentor_id, body.name, body.email, body.engaged_on),
        status=201,
        location="/assignments/mentors/{id}",
        show={"mentor_id": mentor_id},
        new=True,
    )


@router.post("/{mentor_id}/leave", dependencies=[allows("coordinator", "manager")])
async def leave(mentor_id: UUID, body: LeaveBody, call: Call) -> Response:
    """Let a mentor go: offers are cancelled and assignments end."""
    return await call.decide(mentor, mentor_id, LetMentorGo(body.left_on))


@router.get(
    "",
    dependencies=[
        allows("coordinator", "manager", "compliance", "trainer", "auditor"),
        seen("mentors", "eligibility"),
    ],
)
async def list_mentors(
    reads: Reads, deployable: bool | None = None, cursor: Cursor = None, limit: Limit = 50
) -> MentorPage:
    """The mentors of the agency, by name."""
    found = await reads(questions.mentors_by_name, deployable, by_name(cursor), limit + 1)
    return MentorPage.model_validate(listed(found, limit, "name", "mentor_id"))


@router.get(
    "/{mentor_id}",
    dependencies=[
        allows("coordinator", "manager", "compliance", "trainer", "auditor", "mentor"),
        seen("mentors", "eligibility"),
    ],
)
async def show_mentor(
    mentor_id: UUID, reads: Reads, today: Today, on: date | None = None
) -> MentorWithShortfalls:
    """One mentor, with what they can show and what they lack on a day (today)."""
    found = await reads(questions.mentor, mentor_id)
    if found is None:
        raise NotFound("mentor", mentor_id)
    shown = await reads(questions.evidence_of, mentor_id)
    day = on or today
    lacking = [_view(lack) for lack in shortfalls(shown, day)]
    return MentorWithShortfalls.model_validate({**found, "on": day, "shortfalls": lacking, "evidence": shown})


def _view(lack: Shortfall) -> dict[str, Any]:
    return {"item": lack.item, "status": lack.status, "since": lack.since, "said": str(lack)}
