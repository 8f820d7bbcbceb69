"""A delivery of statements: all of it is recorded or nothing, and each statement once in the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.kernel.decider import Claim, Decider

LearningFact: TypeAlias = LearningStated | LearningVoided
Taken: TypeAlias = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Take:
    """Record these statements. Which of them are known already was looked up before."""

    learning: tuple[LearningFact, ...]


def claim_of(statement_id: UUID) -> str:
    """The key that a statement's delivery holds for ever."""
    return f"statement:{statement_id}"


def decide(state: Taken, command: Take) -> Sequence[LearningFact]:
    return [fact for fact in command.learning if fact.statement_id not in state]


def evolve(state: Taken, fact: LearningFact) -> Taken:
    return state | {fact.statement_id}


def claims(state: Taken) -> frozenset[Claim]:
    """The id of a statement is used once."""
    message = "A statement with this id came just now; send the same request again."
    return frozenset(Claim(claim_of(one), "statement_known", message) for one in state)


delivery: Decider[Taken, Take] = Decider("delivery", frozenset(), decide, evolve, claims)
