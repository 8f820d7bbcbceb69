"""The facts of who may be deployed."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.eligibility import Shortfall
from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import MentorId


@published("training.MentorCleared.v1", aggregate="compliance")
class MentorCleared(Fact):
    """Everything required is there: this mentor may be with a child."""

    mentor_id: MentorId
    cleared_on: Annotated[date, Field(description="first day of being deployable")]


@published("training.MentorStoodDown.v1", aggregate="compliance")
class MentorStoodDown(Fact):
    """Something required is there no more: this mentor may not be with a child."""

    mentor_id: MentorId
    stood_down_on: Annotated[date, Field(description="first day of not being deployable")]
    reasons: Annotated[tuple[Shortfall, ...], Field(description="every required item that is not there")]
