"""A service's declarations as small as they can be: one contract and one projection, pure as they all are."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from bench import facts
from shared.contracts.fact import Concerns, Fact, published
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Add, Put, Row


@published(facts.TYPE, aggregate="session")
class SessionLogged(Fact):
    """What bench/facts.py encodes."""

    mentor_id: Annotated[UUID, Concerns("mentor")]
    child_id: Annotated[UUID, Concerns("child")]
    minutes: int
    area: str
    effective_on: date
    note: str


def totals(recorded: Recorded[SessionLogged]) -> Iterable[Row]:
    """How many facts an aggregate has, the sum of their minutes, the last area."""
    key = {"aggregate": recorded.stream}
    yield Add("model", key, {"facts": 1, "minutes": recorded.fact.minutes})
    yield Put("model", key, {"area": recorded.fact.area})


projection = Projection("totals", (SessionLogged,), ("model",), totals)
