"""The plan of a child: its provision, its reviews, and what a mentor has to bring."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from services.assignments.api.asking import Language, Prose, Today, by_day, by_number, listed
from services.assignments.api.children import ChildPage
from services.assignments.api.speaking import may_ask
from services.assignments.api.specifying import ProvisionBody
from services.assignments.domain.child import RecordReview, SpecifyProvision, UpdateProfile, child
from services.assignments.read_model import children as questions
from shared.contracts.words.requests import ReviewDecision
from shared.contracts.words.support import CurriculumLevel, Need
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound
from shared.kernel.sight import SeenAs

router = APIRouter(prefix="/children", tags=["children"])
reviews = APIRouter(prefix="/reviews", tags=["children"])


class ReviewBody(BaseModel):
    """`next_review_on` left out: twelve weeks on, or none when support is to end."""

    reviewed_on: date
    decision: ReviewDecision
    summary: Prose
    next_review_on: date | None = None


class ReviewView(BaseModel):
    number: int
    reviewed_on: date
    decision: ReviewDecision
    summary: Annotated[str, SeenAs("casework")]
    next_review_on: date | None
    recorded_at: datetime


class ReviewPage(BaseModel):
    items: list[ReviewView]
    next: str | None


class ProfileBody(BaseModel):
    """All of it, as it is now. Languages are BCP 47: en, pl, bfi (British Sign Language)."""

    needs: tuple[Need, ...]
    curriculum_level: CurriculumLevel | None = None
    languages: Annotated[tuple[Language, ...], Field(max_length=10)] = ()


@router.post("/{child_id}/provisions", status_code=201, dependencies=[allows("coordinator", "manager")])
async def specify_provision(child_id: UUID, body: ProvisionBody, call: Call) -> Response:
    """Change how much support the child gets, or for what, from a day on."""
    command = SpecifyProvision(body.provision(child_id))
    location = f"/assignments/children/{child_id}"
    return await call.decide(child, child_id, command, status=201, location=location)


@router.post("/{child_id}/reviews", status_code=201, dependencies=[allows("coordinator", "manager")])
async def record_review(child_id: UUID, body: ReviewBody, call: Call) -> Response:
    """Record how a review of the provision decided. A change or an end is then recorded by itself."""
    command = RecordReview(
        body.reviewed_on, body.decision, body.summary, body.next_review_on, call.now.date()
    )
    location = f"/assignments/children/{child_id}/reviews"
    return await call.decide(child, child_id, command, status=201, location=location)


@router.get(
    "/{child_id}/reviews",
    dependencies=[
        allows("coordinator", "manager", "auditor", "dsl", "mentor"),
        seen("children", "coverage"),
    ],
)
async def list_reviews(
    child_id: UUID, reads: Reads, request: Request, today: Today, cursor: Cursor = None, limit: Limit = 50
) -> ReviewPage:
    """The reviews of a child's provision, in the order in which they were recorded."""
    await may_ask(reads, request.state.actor, child_id, today)
    if await reads(questions.child, child_id) is None:
        raise NotFound("child", child_id)
    found = await reads(questions.reviews_of, child_id, by_number(cursor), limit + 1)
    return ReviewPage.model_validate(listed(found, limit, "number"))


@router.post("/{child_id}/profile", dependencies=[allows("coordinator", "manager")])
async def update_profile(child_id: UUID, body: ProfileBody, call: Call) -> Response:
    """Say what a mentor of this child has to bring; it replaces what was said before."""
    command = UpdateProfile(body.needs, body.curriculum_level, body.languages, call.now.date())
    return await call.decide(child, child_id, command)


@reviews.get("", dependencies=[allows("coordinator", "manager", "auditor"), seen("children")])
async def list_reviews_due(
    reads: Reads,
    today: Today,
    due_by: date | None = None,
    school_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ChildPage:
    """The children whose provision is to be reviewed by a day (today), the longest overdue first."""
    found = await reads(questions.reviews_due, due_by or today, school_id, by_day(cursor), limit + 1)
    return ChildPage.model_validate(listed(found, limit, "next_review_on", "child_id"))
