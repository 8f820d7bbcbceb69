"""A person's record in words: each fact as it may be told to them, everybody else in it without a name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from services.audit.records.access_subject import Subject
from shared.contracts.fact import Contract, find_contract
from shared.contracts.words.privacy import Unreadable
from shared.kernel.sealing.cipher import is_sealed
from shared.kernel.sight import Classes
from shared.telling.sentences import sentence
from shared.telling.wording import UNREADABLE, readable

WITHHELD = Unreadable.WITHHELD.value


@dataclass(frozen=True, slots=True)
class Told:
    """One field as it is told. `state` is `plain`, `opened`, or why it can't be read."""

    name: str
    value: str
    state: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of the record. `exact` says whether its very bytes may be given away with it."""

    source: str
    position: int
    id: UUID
    type: str
    recorded_at: Any
    actor: str
    sha256: str
    said: str
    fields: tuple[Told, ...]
    exact: bool

    @property
    def name(self) -> str:
        return f"{self.source}-{self.position}"

    @property
    def unreadable(self) -> Counter[str]:
        return Counter(told.state for told in self.fields if told.state in UNREADABLE)


def entries(subject: Subject, rows: Iterable[Mapping[str, Any]], opens: Classes) -> list[Entry]:
    """The facts in these rows, opened as far as may be, in their order."""
    found = [_entry(subject, row, opens) for row in rows]
    return [_without_ids(subject, entry) for entry in found]


def _without_ids(subject: Subject, entry: Entry) -> Entry:
    return replace(
        entry,
        actor=subject.without_ids(entry.actor),
        said=subject.without_ids(entry.said),
        fields=tuple(replace(told, value=subject.without_ids(told.value)) for told in entry.fields),
    )


def _entry(subject: Subject, row: Mapping[str, Any], opens: Classes) -> Entry:
    contract = find_contract(row["type"])
    data = subject.without_others(row["opened"])
    told = [_told(subject, contract, data, name, value, opens) for name, value in data.items()]
    names = {str(data[one.name]): one.value for one in told if one.name == "mentor_id"}
    said = {one.name: one.state if one.state in UNREADABLE else data[one.name] for one in told}
    return Entry(
        source=row["source"],
        position=row["position"],
        id=row["id"],
        type=row["type"],
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        sha256=row["sha256"],
        said=sentence({"type": row["type"], "data": said}, names),
        fields=tuple(told),
        exact=contract is not None and _may_be_given(subject, contract, row),
    )


def _told(
    subject: Subject,
    contract: Contract | None,
    data: Mapping[str, Any],
    name: str,
    value: Any,
    opens: Classes,
) -> Told:
    if contract is not None and name in contract.personal:
        mine = contract.kept[name] in opens and subject.owns(contract, data, name)
        if not mine or is_sealed(value):
            return Told(name, WITHHELD, WITHHELD)
        state = value if isinstance(value, str) and value in UNREADABLE else "opened"
        return Told(name, value if state in UNREADABLE else readable(name, value), state)
    if is_sealed(value):  # of a type that this program does not know
        return Told(name, WITHHELD, WITHHELD)
    kind = contract.concerns.get(name) if contract else None
    if kind and value is not None:
        several = value if isinstance(value, list) else [value]
        called = [subject.called(kind, each) or str(each) for each in several]
        return Told(name, ", ".join(called), "plain")
    shown = value if isinstance(value, str) and name.endswith("_id") else readable(name, value)
    return Told(name, str(shown), "plain")


def _may_be_given(subject: Subject, contract: Contract, row: Mapping[str, Any]) -> bool:
    """The bytes name nobody but the person and the agency's own people, and hold nothing of others in clear."""
    data = orjson.loads(row["body"])["data"]
    if any(
        kind == "child" and set(_several(data.get(name))) - {str(subject.id)}
        for name, kind in contract.concerns.items()
    ) or subject.names_other_children(data):
        return False
    return all(
        is_sealed(data.get(name)) or name not in data or subject.owns(contract, data, name)
        for name in contract.personal
    )


def _several(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def totals(found: Sequence[Entry]) -> Counter[str]:
    """How many fields read erased, withheld and unavailable."""
    return sum((entry.unreadable for entry in found), Counter())
