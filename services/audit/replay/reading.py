"""From kept bytes back to facts, without passing over silently what this program cannot read."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import ValidationError

from shared.contracts.fact import find_contract
from shared.kernel import envelope
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Opened:
    """Facts with their sealed fields opened as far as may be, and how many fields read `erased`."""

    states: Sequence[bytes]
    erased: int = 0


Opener: TypeAlias = Callable[[Sequence[bytes]], Awaitable[Opened]]


_SEALED = re.compile(rb'"sealed:v1:[^"]*"')


def withheld(state: bytes) -> bytes:
    """The fact as it reads to whoever opens nothing: what is sealed is withheld."""
    return _SEALED.sub(b'"withheld"', state) if b'"sealed:v1:' in state else state


async def unopened(states: Sequence[bytes]) -> Opened:
    """Nothing is opened."""
    return Opened([withheld(state) for state in states])


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Recorded[Any]], dict[str, int]]:
    """The facts in these rows (position, body), and how many of each type could not be read."""
    facts: list[Recorded[Any]] = []
    unread: Counter[str] = Counter()
    for row in rows:
        head = envelope.read(row["body"])
        contract = find_contract(head.type)
        if contract is None:
            unread[head.type] += 1
            continue
        try:
            facts.append(envelope.recorded(head, contract, row["position"]))
        except ValidationError:
            unread[head.type] += 1
    return facts, dict(sorted(unread.items()))
