"""From kept bytes back to facts, without passing over silently what this program cannot read."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import orjson
from pydantic import ValidationError

from shared.contracts.fact import find_contract
from shared.contracts.words.privacy import Unreadable
from shared.kernel import envelope
from shared.kernel.recorded import Recorded
from shared.kernel.sealing.batches import Keys
from shared.kernel.sealing.cipher import SealBroken
from shared.kernel.sealing.fields import open_data
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sight import SEALED


class _Withheld(dict[KeyRef, Any]):
    def __missing__(self, _: KeyRef) -> Unreadable:
        return Unreadable.WITHHELD


WITHHELD: Keys = _Withheld()
"""The keys of whoever opens nothing: every personal field reads `withheld`."""


def read(
    rows: Iterable[Mapping[str, Any]], keys: Keys = WITHHELD
) -> tuple[list[Recorded[Any]], dict[str, int]]:
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
            facts.append(envelope.recorded(head, contract, row["position"], keys))
        except (ValidationError, SealBroken):
            unread[head.type] += 1
    return facts, dict(sorted(unread.items()))


def data_of(body: bytes, keys: Keys = WITHHELD) -> dict[str, Any]:
    """The fact's data as it is kept, opened as far as the keys open it; what nobody can open is withheld."""
    head = envelope.read(body)
    contract = find_contract(head.type)
    data: dict[str, Any] = orjson.loads(bytes(head.data))
    try:
        told = open_data(contract, head, data, keys)[0] if contract else data
    except (SealBroken, msgspec.MsgspecError, KeyError, ValueError):
        told = data
    return {
        name: Unreadable.WITHHELD.value if isinstance(value, str) and value.startswith(SEALED) else value
        for name, value in told.items()
    }
