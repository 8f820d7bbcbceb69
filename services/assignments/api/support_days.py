"""The days of a child's support: who may read the plan now, and when no primary was there."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel

from services.assignments.api.asking import Today
from services.assignments.api.children import ProfileView
from services.assignments.api.speaking import plan_access
from services.assignments.api.specifying import ProvisionView
from services.assignments.read_model import children as questions
from services.assignments.read_model.gaps import gaps_of
from shared.contracts.words.support import Role
from shared.kernel.call import Reads, allows, seen
from shared.kernel.problems import NotFound, Problem
from shared.kernel.sight import SeenAs

router = APIRouter(prefix="/children", tags=["children"])

MOST_DAYS = 800  # two school years, with a summer


class PlanView(BaseModel):
    """What whoever is with the child has to know. `open_until` is the first day without access; null: no end."""

    child_id: UUID
    name: Annotated[str, SeenAs("profile")]
    school_id: UUID
    on: date
    as_role: Role
    open_until: date | None
    provision: ProvisionView | None
    profile: ProfileView | None


class CoveredView(BaseModel):
    mentor_id: UUID
    assignment_id: UUID
    cover_id: UUID | None
    days: list[date]


class GapView(BaseModel):
    """From `since` up to, without, `until` no primary was with the child; `uncovered` are school days without anybody.

    `assignment_id` and `mentor_id` are the primary who was away or paused; null where there was none.
    """

    kind: Literal["no_primary", "primary_away", "primary_paused"]
    since: date
    until: date
    assignment_id: UUID | None
    mentor_id: UUID | None
    reason: str | None
    covered_by: list[CoveredView]
    uncovered: list[date]


class GapsView(BaseModel):
    child_id: UUID
    since: date
    until: date
    known_at: datetime | None
    gaps: list[GapView]


@router.get(
    "/{child_id}/plan",
    dependencies=[allows("mentor"), seen("coverage", "children", "cover", "eligibility")],
)
async def show_plan(child_id: UUID, reads: Reads, request: Request, today: Today) -> PlanView:
    """The child's plan, for the primary, and for who covers from the day before their first day to their last."""
    access = await plan_access(reads, request.state.actor, child_id, today)
    if access.role is None:
        raise Problem(403, "plan_not_open", access.why_not or "")
    found = await reads(questions.child, child_id)
    if found is None:
        raise NotFound("child", child_id)
    provisions = [dict(row) for row in await reads(questions.provisions_of, child_id)]
    begun = [row for row in provisions if row["effective_from"] <= today] or provisions[:1]
    return PlanView.model_validate(
        {
            **found,
            "on": today,
            "as_role": access.role,
            "open_until": access.until,
            "provision": begun[-1] if begun else None,
            "profile": await reads(questions.profile_of, child_id),
        }
    )


@router.get(
    "/{child_id}/gaps",
    dependencies=[
        allows("coordinator", "manager", "auditor", "dsl"),
        seen("coverage", "cover", "children", "calendars"),
    ],
)
async def show_gaps(
    child_id: UUID,
    reads: Reads,
    since: Annotated[date, Query(alias="from", description="first day looked at")],
    until: Annotated[date, Query(alias="to", description="last day looked at")],
    known_at: AwareDatetime | None = None,
) -> GapsView:
    """Every period in which the child had no primary mentor with them, and who covered; as known at a moment."""
    if not timedelta(0) <= until - since <= timedelta(days=MOST_DAYS):
        detail = f"`to` is not before `from`, and at most {MOST_DAYS} days after it"
        wrong = [{"field": "to", "detail": detail}]
        raise Problem(422, "invalid_request", detail, errors=wrong)
    if await reads(questions.child, child_id) is None:
        raise NotFound("child", child_id)
    found = await reads(gaps_of, child_id, since, until + timedelta(days=1), known_at)
    gaps = [
        {
            "kind": gap.kind,
            "since": gap.since,
            "until": gap.until,
            "assignment_id": gap.assignment_id,
            "mentor_id": gap.mentor_id,
            "reason": gap.reason,
            "uncovered": gap.uncovered,
            "covered_by": [
                {
                    "mentor_id": by.mentor_id,
                    "assignment_id": by.assignment_id,
                    "cover_id": by.cover_id,
                    "days": by.days,
                }
                for by in gap.covered_by
            ],
        }
        for gap in found
    ]
    return GapsView.model_validate(
        {"child_id": child_id, "since": since, "until": until, "known_at": known_at, "gaps": gaps}
    )
