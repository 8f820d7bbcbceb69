"""Programmes over HTTP: which tracks a role needs."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.training.api.fields import READERS, Day
from services.training.api.views import ProgrammePage, ProgrammeView
from services.training.domain.programme import SetProgramme, programme, programme_of
from services.training.read_model.courses import programme_on, programmes_by_role
from shared.contracts.training.programme import Requirement
from shared.contracts.words.training import ProgrammeRole, Track
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound

router = APIRouter(tags=["programmes"])


class Need(BaseModel):
    """One track: for how many months it certifies (left out: for good), when to renew, days to complete it."""

    track: Track
    valid_months: Annotated[int | None, Field(ge=1, le=120)] = None
    window_days: int = 90
    renew_before_days: int = 14
    complete_within_days: int = 60


class NewProgramme(BaseModel):
    """What the role needs from `effective_from` on; today when left out."""

    requirements: Annotated[list[Need], Field(max_length=20)]
    effective_from: Day | None = None


@router.put("/programmes/{role}", dependencies=[allows("trainer", "compliance", "manager")])
async def set_programme(role: ProgrammeRole, body: NewProgramme, call: Call) -> Response:
    """Say what a role has to be trained in."""
    today = call.now.date()
    command = SetProgramme(
        role,
        tuple(Requirement(**need.model_dump()) for need in body.requirements),
        body.effective_from or today,
        on=today,
    )
    location = f"/training/programmes/{role}"
    return await call.decide(programme, programme_of(role), command, location=location)


@router.get(
    "/programmes",
    response_model=ProgrammePage,
    dependencies=[allows(*READERS, "mentor"), seen("programmes")],
)
async def list_programmes(
    reads: Reads, role: ProgrammeRole | None = None, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """What was set, by role and first day; also what is no longer or not yet in force."""
    found = await reads(programmes_by_role, role=role, after=_place(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["role"], row["effective_from"].isoformat()])


@router.get(
    "/programmes/{role}",
    response_model=ProgrammeView,
    dependencies=[allows(*READERS, "mentor"), seen("programmes")],
)
async def show_programme(
    role: ProgrammeRole,
    reads: Reads,
    on: Annotated[Day | None, Query(description="the day it is asked for; today when left out")] = None,
) -> dict[str, Any]:
    """What a role has to be trained in on a day."""
    found = await reads(programme_on, role, on or reads.running.clock.now().date())
    if found is None:
        raise NotFound("programme of a", role)
    return found


def _place(cursor: str | None) -> tuple[str, date] | None:
    match after(cursor):
        case None:
            return None
        case [str(role), str(day)]:
            try:
                return role, date.fromisoformat(day)
            except ValueError:
                raise wrong_cursor() from None
        case _:
            raise wrong_cursor()
