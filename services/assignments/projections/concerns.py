"""Safeguarding concerns, as the designated safeguarding lead has to see them."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.concern import ConcernFact
from shared.contracts.assignments.concern import SafeguardingConcernClosed, SafeguardingConcernRaised
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def concerns(recorded: Recorded[ConcernFact]) -> Iterator[Row]:
    """Every concern, who raised it, and what came of it."""
    fact = recorded.fact
    key = {"concern_id": fact.concern_id}
    match fact:
        case SafeguardingConcernRaised():
            raised = fact.model_dump(exclude={"concern_id"})
            yield Put("concerns", key, {**raised, "raised_by": recorded.actor, "status": "open"})
        case SafeguardingConcernClosed():
            closed = fact.model_dump(exclude={"concern_id", "child_id"})
            yield Put("concerns", key, {**closed, "status": "closed"})
        case _:
            assert_never(fact)


CONCERNS = Projection(
    "concerns", (SafeguardingConcernRaised, SafeguardingConcernClosed), ("concerns",), concerns
)
