"""The facts of training programmes: what a role has to be trained in."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.fact import Fact, published
from shared.contracts.training.course import OfTrack
from shared.contracts.words.training import ProgrammeRole

ProgrammeId = Annotated[UUID, Field(description="the programme; there is one for each role")]


class Requirement(BaseModel):
    """One track that the role needs."""

    model_config = ConfigDict(frozen=True)

    track: OfTrack
    valid_months: Annotated[
        int | None,
        Field(description="months for which it certifies at most; a course may say less; None is for good"),
    ]
    window_days: Annotated[int, Field(description="so many days before its last day it may be renewed")]
    renew_before_days: Annotated[
        int, Field(description="so many days before its last day it should have been renewed")
    ]
    complete_within_days: Annotated[int, Field(description="days from being assigned to being due")]


@published("training.ProgrammeSet.v1", aggregate="programme")
class ProgrammeSet(Fact):
    """What a role has to be trained in from a day on. It replaces what was set for that day before."""

    programme_id: ProgrammeId
    role: Annotated[ProgrammeRole, Field(description="whom the programme is for")]
    requirements: Annotated[tuple[Requirement, ...], Field(description="each track needed, once")]
    effective_from: Annotated[date, Field(description="first day of it")]
