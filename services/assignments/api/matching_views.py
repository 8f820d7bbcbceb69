"""What matching is asked with, and what it answers with."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.assignments.domain.matching import Criterion
from services.assignments.read_model.optimal import LEAST
from shared.contracts.words.support import SetAsideReason
from shared.kernel.sight import SeenAs


class ScoreView(BaseModel):
    """Points of one criterion out of the most there are, and why: which tells of the child's needs."""

    model_config = ConfigDict(from_attributes=True)

    criterion: Criterion
    points: int
    most: int
    reason: Annotated[str, SeenAs("casework")]


class CandidateView(BaseModel):
    """A mentor with the points for this child, criterion by criterion; `barred` says why they can't be proposed."""

    mentor_id: UUID
    total: int
    scores: list[ScoreView]
    barred: list[str]


class CandidatesView(BaseModel):
    """The mentors for a child, the best first; then, if asked for, those who can't be proposed."""

    child_id: UUID
    on: date
    items: list[CandidateView]


class PlanBody(BaseModel):
    """For which day the gate is asked; in which local authority; under how many points nobody is proposed."""

    planned_for: date | None = None
    local_authority: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    least: Annotated[int, Field(ge=0, le=100)] = LEAST


class SetAsideBody(BaseModel):
    reason: SetAsideReason


class PlanView(BaseModel):
    plan_id: UUID
    planned_for: date
    local_authority: str | None
    least: int
    matched: int
    unmatched: int
    proposed_at: datetime


class PlanPage(BaseModel):
    items: list[PlanView]
    next: str | None


Became = Literal["proposed", "taken_up", "set_aside", "unmatched"]


class MatchView(BaseModel):
    """One child of a plan. `scores` have the points of the plan; their reasons are those of today."""

    child_id: UUID
    status: Became
    mentor_id: UUID | None
    assignment_id: UUID | None
    assignment_status: str | None
    total: int | None
    better: int | None
    scores: list[ScoreView]
    reason: str | None
    set_aside: str | None


class MatchPage(BaseModel):
    items: list[MatchView]
    next: str | None
