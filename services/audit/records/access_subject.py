"""Whose record it is, and everybody else in it: by a number instead of a name, or not at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias
from uuid import UUID

from shared.contracts.fact import Contract

Kind: TypeAlias = Literal["child", "mentor"]
PEOPLE: Mapping[str, str] = {
    "child": "another child",
    "mentor": "a mentor",
    "recipient": "somebody who is told things",
}

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Subject:
    """A child or a mentor. Others are called `a mentor (1)`, always by the same number."""

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

    def called(self, kind: str, value: object) -> str | None:
        """Somebody else, without their id; None when it is no person, or this one."""
        if kind not in PEOPLE or value is None or str(value) == str(self.id):
            return None
        number = self.others.setdefault(
            (kind, str(value)), 1 + sum(known == kind for known, _ in self.others)
        )
        return f"{PEOPLE[kind]} ({number})"

    def without_others(self, value: Any) -> Any:
        """What stands inside a field: parts about others of this person's kind left out, other people by number."""
        if isinstance(value, list):
            return [self.without_others(each) for each in value if not self._about_another(each)]
        if isinstance(value, dict):
            return {
                name: self._named(name, each) or self.without_others(each) for name, each in value.items()
            }
        return value

    def without_ids(self, text: str) -> str:
        """The same text, with others' ids inside it (of threads, of who acted) told by number, once all are known."""
        known = {value: f"{PEOPLE[kind]} ({number})" for (kind, value), number in self.others.items()}
        return _ID.sub(lambda found: known.get(found[0], found[0]), text)

    def names_other_children(self, value: Any) -> bool:
        """Whether somewhere inside another child is named."""
        if isinstance(value, list):
            return any(self.names_other_children(each) for each in value)
        if isinstance(value, dict):
            own = value.get("child_id")
            return own not in (None, str(self.id)) or any(map(self.names_other_children, value.values()))
        return False

    def _about_another(self, value: Any) -> bool:
        return isinstance(value, dict) and value.get(f"{self.kind}_id") not in (None, str(self.id))

    def _named(self, name: str, value: Any) -> str | None:
        """By the end of a field's name: `to_mentor_id` is a mentor's."""
        found = [kind for kind in PEOPLE if name == f"{kind}_id" or name.endswith(f"_{kind}_id")]
        return self.called(found[0], value) if found and isinstance(value, str) else None
