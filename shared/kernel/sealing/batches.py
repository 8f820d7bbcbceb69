"""Many facts at once: the keys that their sealed fields need, in one look-up for all of them."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import TypeAlias
from uuid import UUID

import msgspec
import orjson

from shared.contracts.fact import Contract, Fact, contract_of, find_contract
from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass, Unreadable
from shared.kernel import envelope
from shared.kernel.sealing.cipher import is_sealed
from shared.kernel.sealing.fields import refs_to_seal
from shared.kernel.sealing.keyring import KeyRef, Keyring
from shared.kernel.sealing.sealer import Found, Sealer

# A look at the class alone takes a third of reading a seal, which is done when it is opened.
_CLASSES: Mapping[str, RetentionClass] = {keep: keep for keep in RETENTION_CLASSES}

Keys: TypeAlias = Mapping[KeyRef, Found]
OpenKeyring: TypeAlias = Callable[[], Awaitable[Keyring]]
"""How a process of its own reaches the keyring; it is sent there."""


async def keys_to_open(sealer: Sealer | None, states: Iterable[bytes], *, insist: bool = True) -> Keys:
    """What opens these stored facts; bytes that are no fact of ours need nothing.

    Raises KeyringUnavailable, unless the caller does not `insist`: then those fields read `unavailable`.
    """
    return await keys_of(sealer, {ref for state in states for ref in refs_in(state)}, insist=insist)


async def facts_in(sealer: Sealer | None, states: Collection[bytes], *, insist: bool = True) -> list[Fact]:
    """The facts in stored bytes, opened with one look-up. Raises what `fact_in` and `keys_to_open` raise."""
    keys = await keys_to_open(sealer, states, insist=insist)
    return [envelope.fact_in(state, keys) for state in states]


async def keys_of(sealer: Sealer | None, refs: Collection[KeyRef], *, insist: bool = True) -> Keys:
    """These keys, as `keys_to_open` finds them."""
    if not refs:
        return {}
    if sealer is None:
        raise LookupError("sealed fields can't be opened without a keyring: ALONGSIDE_KEYRING_URL")
    return await sealer.keys_for(refs, insist=insist)


async def keys_to_seal(sealer: Sealer | None, facts: Iterable[Fact]) -> Mapping[KeyRef, bytes]:
    """What seals these facts, made where there is none. Raises what `Sealer.keys_to_seal` raises."""
    refs: set[KeyRef] = set()
    for fact in facts:
        contract = contract_of(fact)
        if contract.personal:
            refs.update(refs_to_seal(contract, dict(fact)).values())
    if not refs:
        return {}
    if sealer is None:
        raise LookupError("personal fields can't be sealed without a keyring: ALONGSIDE_KEYRING_URL")
    return await sealer.keys_to_seal(refs)


def but_for(keys: Keys, opens: Collection[RetentionClass]) -> Keys:
    """These keys, and `withheld` for every class that the reader does not open."""
    return keys if len(opens) == len(RETENTION_CLASSES) else _ButFor(keys, frozenset(opens))


class _ButFor(dict[KeyRef, Found]):
    def __init__(self, keys: Keys, opens: frozenset[RetentionClass]) -> None:
        super().__init__(keys)
        self._opens = opens

    def __missing__(self, ref: KeyRef) -> Found:
        if ref.keep in self._opens:
            raise KeyError(ref)
        return Unreadable.WITHHELD


def refs_in(state: bytes, wanted: Mapping[str, Contract] | None = None) -> Iterable[KeyRef]:
    """The keys that one stored fact needs; none when it can't be read, which its reader will say.

    `wanted` are the topics that matter to the reader; without it every one.
    """
    try:
        read = envelope.read(state)
        contract = find_contract(read.type) if wanted is None else wanted.get(read.type)
        if contract is None or not contract.personal:
            return ()
        data = orjson.loads(bytes(read.data))
        return {
            KeyRef(UUID(data[owner]), _CLASSES[data[field].split(":", 3)[2]])
            for field, owner in contract.personal.items()
            if is_sealed(data.get(field))
        }
    except (msgspec.MsgspecError, LookupError, TypeError, ValueError):
        return ()
