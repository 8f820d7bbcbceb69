"""A person's record in words: each fact as it may be told to them, everybody else in it without a name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from uuid import UUID

import orjson

from shared.contracts.fact import Contract, find_contract
from shared.contracts.words.privacy import Unreadable
from shared.kernel.sealing.cipher import is_sealed
from shared.kernel.sight import Classes
from shared.telling.sentences import sentence
from shared.telling.wording import UNREADABLE, readable, words

Kind: TypeAlias = Literal["child", "mentor"]
OTHERS: Mapping[str, str] = {
    "child": "another child",
    "mentor": "a mentor",
    "recipient": "somebody who is told things",
}
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


@dataclass
class Subject:
    """Whose record it is, and how everybody else in it is called: `a mentor (1)`, always the same one."""

    kind: Kind
    id: UUID
    others: dict[tuple[str, str], int] = field(default_factory=dict)

    def owns(self, contract: Contract, data: Mapping[str, Any], name: str) -> bool:
        """Whether a personal field is of this person: by their id, or by the address at which they are told things."""
        owner = contract.personal[name]
        if str(data.get(owner)) == str(self.id):
            return True
        mine = data.get("role") == self.kind and str(data.get(f"{self.kind}_id")) == str(self.id)
        return contract.concerns.get(owner) == "recipient" and mine

    def called(self, kind: str, value: str) -> str | None:
        """Somebody else, without their id; None when it is no person, or this one."""
        if kind not in OTHERS or value == str(self.id):
            return None
        number = self.others.setdefault((kind, value), 1 + sum(known == kind for known, _ in self.others))
        return f"{OTHERS[kind]} ({number})"


def entries(subject: Subject, rows: Iterable[Mapping[str, Any]], opens: Classes) -> list[Entry]:
    """The facts in these rows, opened as far as may be, in their order."""
    return [_entry(subject, row, opens) for row in rows]


def _entry(subject: Subject, row: Mapping[str, Any], opens: Classes) -> Entry:
    contract, data = find_contract(row["type"]), row["opened"]
    names: dict[str, str] = {}
    told = []
    for name, value in data.items():
        one = _told(subject, contract, data, name, value, opens)
        if one.state == "other" and name == "mentor_id":
            names[str(value)] = one.value
        told.append(one)
    said = {one.name: data[one.name] if one.state in ("plain", "opened") else one.state for one in told}
    said |= {one.name: data[one.name] for one in told if one.state == "other"}
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
        called = [subject.called(kind, str(each)) for each in several]
        if any(called):
            return Told(
                name, ", ".join(one or str(each) for one, each in zip(called, several, strict=True)), "other"
            )
    shown = value if isinstance(value, str) and name.endswith("_id") else readable(name, value)
    return Told(name, str(shown), "plain")


def _may_be_given(subject: Subject, contract: Contract, row: Mapping[str, Any]) -> bool:
    """The bytes name nobody but the person and the agency's own people, and hold nothing of others in clear."""
    data = orjson.loads(row["body"])["data"]
    for name, kind in contract.concerns.items():
        if kind == "child" and subject.called(kind, str(data.get(name))) and data.get(name) is not None:
            return False
    return all(
        is_sealed(data.get(name)) or name not in data or subject.owns(contract, data, name)
        for name in contract.personal
    )


def totals(found: Sequence[Entry]) -> Counter[str]:
    """How many fields read erased, withheld and unavailable."""
    return sum((entry.unreadable for entry in found), Counter())


def title(name: str) -> str:
    return words(name).capitalize()
