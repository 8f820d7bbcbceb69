"""How far each mentor is with being fit to be with a child, as training says."""

from collections.abc import Iterator
from typing import TypeAlias, assert_never, get_args

from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    MentorVetted,
    SuspensionLifted,
)
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

StandingFact: TypeAlias = MentorVetted | MentorCleared | MentorStoodDown | MentorSuspended | SuspensionLifted


def compliance(recorded: Recorded[StandingFact]) -> Iterator[Row]:
    """Vetting (no row yet), inducting, deployable or restricted; and whether suspended, beside it."""
    fact = recorded.fact
    key = {"mentor_id": fact.mentor_id}
    match fact:
        case MentorVetted():
            inducting = {"standing": "inducting", "since": fact.vetted_on, "reasons": None}
            yield Put("compliance", key, inducting)
        case MentorCleared():
            deployable = {"standing": "deployable", "since": fact.cleared_on, "reasons": None}
            yield Put("compliance", key, deployable)
        case MentorStoodDown():
            reasons = [
                {
                    "item": lack.item,
                    "status": lack.status,
                    "since": None if lack.since is None else lack.since.isoformat(),
                    "said": str(lack),
                }
                for lack in fact.reasons
            ]
            restricted = {"standing": "restricted", "since": fact.stood_down_on, "reasons": reasons}
            yield Put("compliance", key, restricted)
        case MentorSuspended():
            yield Put("compliance", key, {"suspended_on": fact.suspended_on})
        case SuspensionLifted():
            yield Put("compliance", key, {"suspended_on": None})
        case _:
            assert_never(fact)


COMPLIANCE = Projection("compliance", get_args(StandingFact), ("compliance",), compliance)
