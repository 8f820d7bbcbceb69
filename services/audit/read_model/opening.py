"""Sealed fields opened for one reader: of the classes that they may see, and of nobody whom they did not ask for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import orjson
import structlog

from shared.contracts.fact import Contract, find_contract
from shared.contracts.words.privacy import Unreadable
from shared.kernel import envelope
from shared.kernel.sealing.cipher import SealBroken
from shared.kernel.sealing.fields import open_data, refs_to_open
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.sight import Classes

log = structlog.get_logger("opening")

Whose: TypeAlias = Callable[[Contract, Mapping[str, Any], str], bool]
"""Whether the person that a field of this fact belongs to is one that may be told of."""


def anybody(_: Contract, __: Mapping[str, Any], ___: str) -> bool:
    return True


async def opened(
    sealer: Sealer | None, rows: Iterable[Mapping[str, Any]], opens: Classes, whose: Whose = anybody
) -> list[dict[str, Any]]:
    """The rows, each with its data as `opened`: what may not be opened reads `withheld`, and no key is asked for it.

    A seal that is broken reads `unavailable` and is an alarm in the log: nothing may be made of it.
    """
    read = [(dict(row), envelope.read(row["body"])) for row in rows]
    asked: dict[KeyRef, bytes | Unreadable] = {}
    for row, head in read:
        row["opened"] = orjson.loads(bytes(head.data))
        contract = find_contract(head.type)
        for field, ref in _refs(contract, row["opened"]).items():
            assert contract is not None
            if ref.keep in opens and whose(contract, row["opened"], field):
                asked[ref] = Unreadable.UNAVAILABLE
            else:
                asked.setdefault(ref, Unreadable.WITHHELD)
    wanted = [ref for ref, state in asked.items() if state is Unreadable.UNAVAILABLE]
    if sealer is not None and wanted:
        asked.update(await sealer.keys_for(wanted))
    for row, head in read:
        contract = find_contract(head.type)
        if contract is None or not contract.personal:
            continue
        try:
            row["opened"], _ = open_data(contract, head, row["opened"], asked)
        except (SealBroken, KeyError, ValueError) as broken:
            log.error("a seal is broken", fact=str(head.id), type=head.type, what=str(broken))
            row["opened"].update(dict.fromkeys(contract.personal, Unreadable.UNAVAILABLE.value))
    return [row for row, _ in read]


def _refs(contract: Contract | None, data: Any) -> Mapping[str, KeyRef]:
    if contract is None or not isinstance(data, dict):
        return {}
    try:
        return refs_to_open(contract, data)
    except (SealBroken, KeyError, ValueError):
        return {}
