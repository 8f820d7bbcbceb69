"""Schools: taken over from the register, listed, shown."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from services.assignments.api.asking import Sought, by_name, listed
from services.assignments.api.importing import ImportReport, import_register
from services.assignments.read_model.schools import school, schools_named
from shared.contracts.words.support import SchoolPhase, SchoolStatus
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/schools", tags=["schools"])


class SchoolView(BaseModel):
    """A school as the register last told of it."""

    school_id: UUID
    urn: int
    name: str
    local_authority: str
    town: str | None
    postcode: str | None
    phase: SchoolPhase
    status: SchoolStatus
    lowest_age: int | None
    highest_age: int | None
    opened_on: date | None
    closed_on: date | None
    time_zone: str


class SchoolPage(BaseModel):
    items: list[SchoolView]
    next: str | None


@router.post(
    "/import",
    dependencies=[allows("operator", "manager", "coordinator", "integrator")],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def take_over(request: Request) -> ImportReport:
    """Take over a register in the GIAS column layout (CSV, UTF-8 or Windows-1252); safe to repeat."""
    return await import_register(request)


@router.get(
    "", dependencies=[allows("coordinator", "manager", "auditor", "integrator", "operator"), seen("schools")]
)
async def list_schools(
    reads: Reads,
    name: Sought = None,
    status: SchoolStatus | None = None,
    urn: Annotated[int | None, Query(ge=1, le=999_999)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SchoolPage:
    """Schools by name."""
    found = await reads(schools_named, name, status, urn, by_name(cursor), limit + 1)
    return SchoolPage.model_validate(listed(found, limit, "name", "school_id"))


@router.get(
    "/{school_id}",
    dependencies=[
        allows("coordinator", "manager", "auditor", "integrator", "operator", "school", "mentor"),
        seen("schools"),
    ],
    response_model=SchoolView,
)
async def show_school(school_id: UUID, reads: Reads) -> Any:
    """One school."""
    found = await reads(school, school_id)
    if found is None:
        raise NotFound("school", school_id)
    return dict(found)
