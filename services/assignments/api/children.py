"""Children: listed, shown with their provision, and who supports them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel

from services.assignments.api.asking import Today, by_name, listed
from services.assignments.domain.child import SpecifyProvision, child
from services.assignments.domain.provision import Provision
from services.assignments.read_model import children as questions
from services.assignments.read_model.coverage import coverage_of
from shared.contracts.words.support import Area, EndReason, Role
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/children", tags=["children"])


class ProvisionBody(BaseModel):
    minutes_per_week: int
    areas: tuple[Area, ...]
    effective_from: date


class ProvisionView(ProvisionBody):
    specified_at: datetime


class ChildView(BaseModel):
    child_id: UUID
    request_id: UUID
    school_id: UUID
    name: str
    birth_date: date
    accepted_on: date


class ChildWithProvision(ChildView):
    """`provision` is in force on the day asked for; `provisions` are all that were specified."""

    provision: ProvisionView | None
    provisions: list[ProvisionView]


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
async def list_children(reads: Reads, cursor: Cursor = None, limit: Limit = 50) -> ChildPage:
    """The children of the agency, by name."""
    found = await reads(questions.children_by_name, by_name(cursor), limit + 1)
    return ChildPage.model_validate(listed(found, limit, "name", "child_id"))


@router.get(
    "/{child_id}",
    dependencies=[allows("coordinator", "manager", "auditor", "dsl", "mentor"), seen("children")],
)
async def show_child(
    child_id: UUID, reads: Reads, today: Today, on: date | None = None
) -> ChildWithProvision:
    """One child, with what was specified for them."""
    found = await reads(questions.child, child_id)
    if found is None:
        raise NotFound("child", child_id)
    provisions = [dict(row) for row in await reads(questions.provisions_of, child_id)]
    begun = [provision for provision in provisions if provision["effective_from"] <= (on or today)]
    return ChildWithProvision.model_validate(
        {**found, "provision": begun[-1] if begun else None, "provisions": provisions}
    )


@router.post("/{child_id}/provisions", status_code=201, dependencies=[allows("coordinator", "manager")])
async def specify_provision(child_id: UUID, body: ProvisionBody, call: Call) -> Response:
    """Change how much support the child gets, or for what, from a day on."""
    provision = Provision(body.minutes_per_week, body.areas, body.effective_from)
    location = f"/assignments/children/{child_id}"
    return await call.decide(child, child_id, SpecifyProvision(provision), status=201, location=location)


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
