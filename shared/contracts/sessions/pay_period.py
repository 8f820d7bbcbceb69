"""The facts of pay periods: what is paid and billed together."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.calendar import LineKind

ThisPeriodId = Annotated[UUID, Concerns("pay_period"), Field(description="the pay period")]


class Total(BaseModel):
    """What the lines of one kind come to."""

    model_config = ConfigDict(frozen=True)

    kind: Annotated[LineKind, Field(description="what the lines are for")]
    lines: Annotated[int, Field(description="how many there are")]
    minutes: Annotated[int, Field(description="what they come to, in minutes; reversals are negative")]


class OfPeriod(Fact):
    """What every fact of a pay period tells: which days it is for, and by when they have to be settled."""

    period_id: ThisPeriodId
    starts_on: Annotated[date, Field(description="first day")]
    ends_on: Annotated[date, Field(description="last day")]
    cut_off_at: Annotated[
        AwareDatetime, Field(description="from here on no log of its days is taken in, only an amendment")
    ]


@published("sessions.PayPeriodOpened.v1", aggregate="pay_period")
class PayPeriodOpened(OfPeriod):
    """Contact on these days is paid and billed together."""

    opened_at: Annotated[AwareDatetime, Field(description="when it was opened")]


@published("sessions.PayPeriodClosed.v1", aggregate="pay_period")
class PayPeriodClosed(OfPeriod):
    """The period is settled: what comes later goes into the next one that is open."""

    totals: Annotated[tuple[Total, ...], Field(description="what is paid and billed, for each kind of line")]
    counted_to: Annotated[
        int, Field(description="position in the log of sessions up to which facts were counted in")
    ]
    unresolved: Annotated[
        int, Field(description="sessions of its days that were neither approved nor settled otherwise")
    ]
    force_reason: Annotated[
        str | None, Field(description="why it was closed with sessions unresolved, or before its cut-off")
    ] = None
    closed_at: Annotated[AwareDatetime, Field(description="when it was closed")]
