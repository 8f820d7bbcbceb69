"""What was recorded of each mentor's evidence, and when and by whom: what was known at a moment is read from it."""

from collections.abc import Iterator
from typing import TypeAlias, get_args

from services.training.domain.standing import ComplianceFact
from shared.contracts.fact import contract_of
from shared.contracts.training.enrolment import TrainingCompleted, TrainingWaived
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

Evidenced: TypeAlias = ComplianceFact | TrainingCompleted | TrainingWaived
EVIDENCED = get_args(Evidenced)


def history(recorded: Recorded[Evidenced]) -> Iterator[Row]:
    """Each fact as it was recorded, without the numbers on documents: nobody who asks needs them."""
    fact = recorded.fact
    personal = set(contract_of(fact).personal)
    inside = fact.model_dump(mode="json", include=personal - {"reference"})
    yield Put(
        "history",
        {"mentor_id": fact.mentor_id, "position": recorded.position},
        {
            "topic": contract_of(fact).topic,
            "recorded_at": recorded.recorded_at,
            "actor": recorded.actor,
            "data": fact.model_dump(mode="json", exclude=personal),
            "personal": inside or None,
        },
    )
