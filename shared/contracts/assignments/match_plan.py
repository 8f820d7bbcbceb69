"""The facts of matching a whole region at once: what was proposed, and what a coordinator set aside."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.ids import ChildId, MentorId, PlanId
from shared.contracts.words.support import SetAsideReason

Children = Annotated[tuple[UUID, ...], Concerns("child"), Field(description="the children it was made for")]
Mentors = Annotated[tuple[UUID, ...], Concerns("mentor"), Field(description="the mentors it proposes")]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ProposedMatch(_Row):
    """A mentor for a child. Points: areas, curriculum, experience, language, distance, workload, continuity."""

    child_id: ChildId
    mentor_id: MentorId
    points: Annotated[tuple[int, ...], Field(description="points of each criterion; together at most 100")]
    better: Annotated[
        int, Field(description="how many mentors fit this child better, and serve more by going to another")
    ]


class Unmatched(_Row):
    """A child for whom nobody is proposed."""

    child_id: ChildId
    reason: Annotated[str, Field(description="why, without personal data")]


@published("assignments.MatchPlanProposed.v1", aggregate="match_plan")
class MatchPlanProposed(Fact):
    """The best assignment of free mentors to waiting children, as things stood; nothing is offered by it yet."""

    plan_id: PlanId
    planned_for: Annotated[date, Field(description="the day on which the gate was asked")]
    least: Annotated[int, Field(description="points under which nobody is proposed")]
    local_authority: Annotated[
        str | None, Field(description="only children of schools in it; None: the whole region")
    ]
    child_ids: Children
    mentor_ids: Mentors
    matches: Annotated[tuple[ProposedMatch, ...], Field(description="who is proposed for whom")]
    unmatched: Annotated[tuple[Unmatched, ...], Field(description="for whom nobody is proposed, and why")]
    proposed_at: Annotated[AwareDatetime, Field(description="when it was made")]


@published("assignments.MatchSetAside.v1", aggregate="match_plan")
class MatchSetAside(Fact):
    """A coordinator does not take up one match of a plan."""

    plan_id: PlanId
    child_id: ChildId
    mentor_id: MentorId
    reason: Annotated[SetAsideReason, Field(description="why")]
    set_aside_at: Annotated[AwareDatetime, Field(description="when")]
