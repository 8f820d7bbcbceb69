"""The personal fields of a fact's data: which keys they need, and the data with all of them sealed or opened."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

import orjson

from shared.contracts.fact import Contract
from shared.contracts.words.privacy import Unreadable
from shared.kernel.sealing.cipher import Place, is_sealed, open_field, read_sealed, seal_field
from shared.kernel.sealing.keyring import KeyRef

Data = Mapping[str, Any]


class Attributes(Protocol):
    """Of a CloudEvent what a sealed field is bound to."""

    @property
    def id(self) -> UUID: ...
    @property
    def type(self) -> str: ...


class Unrecordable(ValueError):
    """A personal field was taken from where it could not be read: the word that says so must not become its value."""


def assert_readable(contract: Contract, values: Data) -> None:
    """Raises Unrecordable when a personal field of a fact to be recorded is `Unreadable`. `values` are Python's."""
    for field in contract.personal:
        if isinstance(values.get(field), Unreadable):
            raise Unrecordable(
                f"{contract.topic}: {field} is {values[field]}, which can't be recorded as its value"
            )


def refs_to_seal(contract: Contract, data: Data) -> dict[str, KeyRef]:
    """Field -> the key that it is to be sealed with. `data` is the fact as JSON values."""
    return {
        field: KeyRef(_subject(data[owner]), contract.kept[field])
        for field, owner in contract.personal.items()
        if field in data
    }


def refs_to_open(contract: Contract, data: Data) -> dict[str, KeyRef]:
    """Field -> the key that it was sealed with; fields that are not sealed are passed by. Raises SealBroken."""
    return {
        field: KeyRef(_subject(data[owner]), read_sealed(data[field]).keep)
        for field, owner in contract.personal.items()
        if is_sealed(data.get(field))
    }


def seal_data(contract: Contract, event_id: UUID, data: Data, keys: Mapping[KeyRef, bytes]) -> dict[str, Any]:
    """The data with every personal field sealed, `null` too. `keys` has those of `refs_to_seal`."""
    assert_readable(contract, data)
    found = dict(data)
    for field, ref in refs_to_seal(contract, data).items():
        place = Place(event_id, contract.topic, field)
        found[field] = seal_field(keys[ref], place, ref.keep, orjson.dumps(data[field]))
    return found


def open_data(
    contract: Contract, envelope: Attributes, data: Data, keys: Mapping[KeyRef, bytes | Unreadable]
) -> tuple[dict[str, Any], dict[str, Unreadable]]:
    """The data with every personal field opened, and why those are not that could not be.

    Those have the word in their place. `keys` has those of `refs_to_open`. Raises SealBroken when a field does not
    open with its key: it was altered, and nothing may be made of it.
    """
    found, unreadable = dict(data), {}
    for field, owner in contract.personal.items():
        if not is_sealed(data.get(field)):
            continue
        sealed = read_sealed(data[field])
        key = keys[KeyRef(_subject(data[owner]), sealed.keep)]
        if isinstance(key, Unreadable):
            unreadable[field] = key
            found[field] = key.value
        else:
            found[field] = orjson.loads(open_field(key, Place(envelope.id, envelope.type, field), sealed))
    return found, unreadable


def _subject(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
