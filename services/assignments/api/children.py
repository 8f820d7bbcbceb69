"""Children: listed, shown with their plan, and who supports them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel

from services.assignments.api.asking import Today, by_name, listed
from services.assignments.api.speaking import may_ask
from services.assignments.api.specifying import ProvisionView
from services.assignments.read_model import children as questions
from services.assignments.read_model.coverage import coverage_of
from shared.contracts.words.support import CurriculumLevel, EndReason, Need, Role
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound
from shared.kernel.sight import SeenAs

router = APIRouter(prefix="/children", tags=["children"])

Status = Literal["referred", "accepted", "active", "paused", "exited"]


class ChildView(BaseModel):
    """A child and where it stands `since` a day; `region` is the region that owns it."""

    child_id: UUID
    request_id: UUID | None
    school_id: UUID
    name: Annotated[str, SeenAs("profile")]
    birth_date: Annotated[date | None, SeenAs("profile")]
    status: Status
    since: date
    reason: str | None
    accepted_on: date | None
    next_review_on: date | None
    region: str


class ProfileView(BaseModel):
    """What a mentor of the child has to bring."""

    needs: Annotated[list[Need], SeenAs("casework")]
    curriculum_level: Annotated[CurriculumLevel | None, SeenAs("casework")]
    languages: Annotated[list[str], SeenAs("casework")]
    updated_on: date


class ChildWithPlan(ChildView):
    """`provision` is in force on the day asked for; `provisions` are all that were specified."""

    provision: ProvisionView | None
    provisions: list[ProvisionView]
    profile: ProfileView | None


class ChildPage(BaseModel):
    items: list[ChildView]
    next: str | None


class SpanView(BaseModel):
    """A span of support: from `effective_from` up to, without, `ended_on`; and when each was recorded."""

    assignment_id: UUID
    child_id: UUID
    mentor_id: UUID
    school_id: UUID
    role: Role
    effective_from: date
    ended_on: date | None
    reason: EndReason | None
    assigned_recorded_at: datetime
    ended_recorded_at: datetime | None


class CoverageView(BaseModel):
    """Who supports a child on the day, the primary first, and every span; as known at a moment."""

    child_id: UUID
    on: date
    known_at: datetime | None
    supporting: list[SpanView]
    spans: list[SpanView]


@router.get("", dependencies=[allows("coordinator", "manager", "auditor", "dsl"), seen("children")])
async def list_children(
    reads: Reads,
    status: Status | None = None,
    school_id: UUID | None = None,
    region: Annotated[str | None, Query(max_length=63, pattern="^[a-z0-9-]+$")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ChildPage:
    """The children of the agency, by name."""
    found = await reads(questions.children_by_name, status, school_id, region, by_name(cursor), limit + 1)
    return ChildPage.model_validate(listed(found, limit, "name", "child_id"))


@router.get(
    "/{child_id}",
    dependencies=[
        allows("coordinator", "manager", "auditor", "dsl", "mentor"),
        seen("children", "coverage"),
    ],
)
async def show_child(
    child_id: UUID, reads: Reads, request: Request, today: Today, on: date | None = None
) -> ChildWithPlan:
    """One child, with what was specified for them. A mentor sees a child while the plan is open to them."""
    await may_ask(reads, request.state.actor, child_id, today)
    found = await reads(questions.child, child_id)
    if found is None:
        raise NotFound("child", child_id)
    provisions = [dict(row) for row in await reads(questions.provisions_of, child_id)]
    begun = [provision for provision in provisions if provision["effective_from"] <= (on or today)]
    profile = await reads(questions.profile_of, child_id)
    return ChildWithPlan.model_validate(
        {
            **found,
            "provision": begun[-1] if begun else None,
            "provisions": provisions,
            "profile": None if profile is None else dict(profile),
        }
    )


@router.get(
    "/{child_id}/coverage",
    dependencies=[allows("coordinator", "manager", "auditor", "dsl"), seen("coverage", "children")],
    response_model=CoverageView,
)
async def coverage(
    child_id: UUID, reads: Reads, today: Today, on: date | None = None, known_at: AwareDatetime | None = None
) -> dict[str, Any]:
    """Who supports the child on a day (today), as known at a moment (now)."""
    if await reads(questions.child, child_id) is None:
        raise NotFound("child", child_id)
    day = on or today
    return {
        "child_id": child_id,
        "on": day,
        "known_at": known_at,
        "supporting": [dict(row) for row in await reads(coverage_of, child_id, day, known_at)],
        "spans": [dict(row) for row in await reads(coverage_of, child_id, None, known_at)],
    }
