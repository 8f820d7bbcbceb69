"""Deciders, tested in sentences: given(decider, *facts).when(command).then(*facts) or .refused("why")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import pytest

from shared.contracts.fact import Fact
from shared.kernel.decider import Claim, Decider, Refused

S = TypeVar("S")
C = TypeVar("C")


@dataclass(frozen=True)
class Answered(Generic[S]):
    """What a decider answered: facts or a refusal, and the state after them."""

    facts: tuple[Fact, ...]
    refusal: Refused | None
    state: S
    claims: frozenset[Claim]

    def then(self, *expected: Fact) -> "Answered[S]":
        """It decided exactly these facts."""
        if self.refusal is not None:
            pytest.fail(f"was refused: {self.refusal}")
        assert self.facts == expected
        return self

    def then_nothing(self) -> "Answered[S]":
        """It decided nothing: the command was already carried out."""
        return self.then()

    def refused(self, *texts: str) -> Refused:
        """It was refused, and code, message and items together say each of these texts."""
        if self.refusal is None:
            pytest.fail(f"was not refused, but decided {self.facts}")
        said = f"{self.refusal} {self.refusal.items}"
        for text in texts:
            assert text in said
        return self.refusal


@dataclass(frozen=True)
class Given(Generic[S, C]):
    """A decider with a history."""

    decider: Decider[S, C]
    facts: tuple[Fact, ...]

    def when(self, *commands: C) -> Answered[S]:
        """Decide these commands one after the other; the answer is the last one's."""
        state = self.decider.fold(self.facts)
        decided: Sequence[Fact] = ()
        refusal: Refused | None = None
        for command in commands:
            try:
                decided, refusal = self.decider.decide(state, command), None
            except Refused as refused:
                decided, refusal = refused.facts, refused
            state = self.decider.fold(decided, state)
        return Answered(tuple(decided), refusal, state, self.decider.claims(state))


def given(decider: Decider[S, C], *facts: Fact) -> Given[S, C]:
    """A decider to which these facts have happened."""
    return Given(decider, facts)
