"""The children of the agency, and what was specified for them."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.child import ChildFact
from shared.contracts.assignments.child import ChildAccepted, ProvisionSpecified
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def children(recorded: Recorded[ChildFact]) -> Iterator[Row]:
    """The children of the agency, with every provision specified for them."""
    fact = recorded.fact
    match fact:
        case ChildAccepted():
            details = dict(fact)
            yield Put("children", {"child_id": details.pop("child_id")}, details)
        case ProvisionSpecified():
            yield Put(
                "provisions",
                {"child_id": fact.child_id, "effective_from": fact.effective_from},
                {
                    "minutes_per_week": fact.minutes_per_week,
                    "areas": fact.areas,
                    "specified_at": recorded.recorded_at,
                },
            )
        case _:
            assert_never(fact)


CHILDREN = Projection("children", (ChildAccepted, ProvisionSpecified), ("children", "provisions"), children)
