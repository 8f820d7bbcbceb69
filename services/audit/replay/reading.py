"""From kept bytes back to facts, without passing over silently what this program cannot read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from shared.contracts.fact import find_contract
from shared.kernel import envelope
from shared.kernel.recorded import Recorded


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
