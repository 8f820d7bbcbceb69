"""The facts of who may be deployed."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.eligibility import Shortfall
from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import MentorId
from shared.contracts.words.training import SuspensionReason

SuspendedOn = Annotated[date, Field(description="first day of the suspension")]


@published("training.MentorVetted.v1", aggregate="compliance")
class MentorVetted(Fact):
    """Every clearance is there, and training is not: the mentor may be inducted, and not yet be with a child."""

    mentor_id: MentorId
    vetted_on: Annotated[date, Field(description="the day on which the last clearance was there")]


@published("training.MentorCleared.v1", aggregate="compliance")
class MentorCleared(Fact):
    """Everything required is there: this mentor may be with a child."""

    mentor_id: MentorId
    cleared_on: Annotated[date, Field(description="first day of being deployable")]


@published("training.MentorStoodDown.v1", aggregate="compliance")
class MentorStoodDown(Fact):
    """Something required is there no more, or a suspension began: this mentor may not be with a child."""

    mentor_id: MentorId
    stood_down_on: Annotated[date, Field(description="first day of not being deployable")]
    reasons: Annotated[tuple[Shortfall, ...], Field(description="every item that keeps the mentor away")]


@published("training.MentorSuspended.v1", aggregate="compliance")
class MentorSuspended(Fact):
    """A mentor may not be with a child, whatever they can show, until the suspension is lifted."""

    mentor_id: MentorId
    suspended_on: SuspendedOn
    reason_code: Annotated[SuspensionReason, Field(description="why; no details, which are restricted")]


@published("training.SuspensionLifted.v1", aggregate="compliance")
class SuspensionLifted(Fact):
    """A suspension is over."""

    mentor_id: MentorId
    suspended_on: SuspendedOn
    lifted_on: Annotated[date, Field(description="first day without it")]
