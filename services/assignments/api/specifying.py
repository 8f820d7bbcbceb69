"""How a provision is asked for over HTTP, and how it is shown."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.assignments.api.asking import Prose
from services.assignments.domain.provision import Provision, outcomes_of
from shared.contracts.assignments.child import Outcome
from shared.contracts.words.support import Area
from shared.kernel.sight import SeenAs

MOST_OUTCOMES = 20


class OutcomeBody(BaseModel):
    """What the support is to reach. The same area and text keep their outcome when the provision changes."""

    area: Area
    text: Prose


class ProvisionBody(BaseModel):
    """How much support a child gets, for what, and when it is reviewed; left out: twelve weeks on."""

    minutes_per_week: int
    areas: tuple[Area, ...]
    effective_from: date
    outcomes: Annotated[tuple[OutcomeBody, ...], Field(max_length=MOST_OUTCOMES)] = ()
    next_review_on: date | None = None

    def provision(self, child_id: UUID) -> Provision:
        """The provision for this child."""
        outcomes = outcomes_of(child_id, [(outcome.area, outcome.text) for outcome in self.outcomes])
        return Provision(
            self.minutes_per_week, self.areas, self.effective_from, outcomes, self.next_review_on
        )


class ProvisionView(BaseModel):
    """A provision as it was specified."""

    minutes_per_week: int
    areas: tuple[Area, ...]
    effective_from: date
    outcomes: Annotated[list[Outcome], SeenAs("casework")]
    next_review_on: date | None
    specified_at: datetime
