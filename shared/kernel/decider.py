"""A decider: what an aggregate decides, as pure functions. No clock, no randomness, no input or output."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.contracts.fact import Fact

S = TypeVar("S")
C = TypeVar("C")


@dataclass(eq=False)
class Refused(Exception):
    """A command that the rules do not allow.

    `code` is stable and snake_case; `message` says what to do next; `items` lists each reason with its details.
    `facts` are recorded although the command is refused: the attempt itself is a fact.
    """

    code: str
    message: str
    items: tuple[Mapping[str, Any], ...] = ()
    facts: tuple[Fact, ...] = ()

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that only one stream may hold at a time, and the refusal for whoever finds it taken.

    With `since` and `until` it is held for that span alone (half-open, aware times); spans that overlap exclude
    each other. Without them it is held until it is released.
    """

    key: str
    code: str = field(compare=False)
    message: str = field(compare=False)
    since: datetime | None = None
    until: datetime | None = None


def _claims_nothing(_: Any) -> frozenset[Claim]:
    return frozenset()


@dataclass(frozen=True)
class Decider(Generic[S, C]):
    """One aggregate's rules. `name` is the aggregate in the CloudEvents subject `<name>/<uuid>`."""

    name: str
    initial: S
    decide: Callable[[S, C], Sequence[Fact]]
    evolve: Callable[[S, Any], S]
    claims: Callable[[S], frozenset[Claim]] = _claims_nothing

    def fold(self, facts: Iterable[Fact], state: S | None = None) -> S:
        """The state after these facts, from `state` or from nothing."""
        current = self.initial if state is None else state
        for fact in facts:
            current = self.evolve(current, fact)
        return current
