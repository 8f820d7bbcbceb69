"""The published facts out of docs/asyncapi.json: found by words and filters, each with all there is to say."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from services.console.catalogue.fields import Row, rows

DOCS = Path(__file__).resolve().parents[3] / "docs"
GRANTS: Mapping[str, str] = {
    "open": "no personal field: an integrator may be granted it",
    "sealed": "personal fields arrive as ciphertext, for which an integrator gets no key",
    "restricted": "for the designated safeguarding lead alone: never granted",
}


@dataclass(frozen=True)
class Published:
    """One fact and version, from its message and its channel."""

    topic: str
    message: Mapping[str, Any]
    channel: Mapping[str, Any]
    schemas: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.message["title"])

    @property
    def means(self) -> str:
        return str(self.message["description"])

    @property
    def more(self) -> Mapping[str, Any]:
        """What AsyncAPI has no word for: state, privacy, consumers, versions and so on."""
        found: Mapping[str, Any] = self.message["x-alongside"]
        return found

    @property
    def service(self) -> str:
        return str(self.more["service"])

    @property
    def aggregate(self) -> str:
        return str(self.more["aggregate"])

    @property
    def privacy(self) -> str:
        return str(self.more["privacy"])

    @property
    def readers(self) -> list[tuple[str, list[Mapping[str, Any]]]]:
        """Who understands it, service by service."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for one in self.more["consumers"]:
            if not one["keeps-bytes"]:
                found.setdefault(one["service"], []).append(one)
        return list(found.items())

    @property
    def keepers(self) -> list[str]:
        """Who keeps it as bytes, whatever is inside."""
        return [f"{one['service']}.{one['listener']}" for one in self.more["consumers"] if one["keeps-bytes"]]

    @property
    def example(self) -> Mapping[str, Any]:
        """Headers and payload as they travel."""
        found: Mapping[str, Any] = self.message["examples"][0]
        return found

    @property
    def opened(self) -> Mapping[str, Any]:
        """The example's `data` with its personal fields open; empty when nothing in it is sealed."""
        found: Mapping[str, Any] = self.more["opened"]
        return found if self.privacy != "open" and found != self.example["payload"]["data"] else {}

    @cached_property
    def rows(self) -> Sequence[Row]:
        return rows(self.schemas[self.topic], self.schemas)

    @cached_property
    def words(self) -> str:
        """Everything that a search looks at."""
        fields = " ".join(f"{row.name} {row.meaning}" for row in self.rows)
        return f"{self.topic} {self.means} {self.aggregate} {self.privacy} {fields}".lower()


FILTERS: Mapping[str, Callable[[Published], Iterable[str]]] = {
    "service": lambda fact: [fact.service],
    "privacy": lambda fact: [fact.privacy],
    "aggregate": lambda fact: [fact.aggregate],
    "reader": lambda fact: [service for service, _ in fact.readers],
}
"""What a list of facts can be narrowed by, and which values a fact has of it."""


@dataclass(frozen=True)
class Catalogue:
    """Every published fact, by topic."""

    facts: tuple[Published, ...]

    def find(self, topic: str) -> Published | None:
        return next((fact for fact in self.facts if fact.topic == topic), None)

    def chosen(self, words: str = "", **asked: str) -> list[Published]:
        """Those with all the words in name, meaning or fields, and with what is asked for (see FILTERS)."""
        wanted = words.lower().split()
        return [
            fact
            for fact in self.facts
            if all(value in ("", *FILTERS[name](fact)) for name, value in asked.items())
            and all(word in fact.words for word in wanted)
        ]

    def values(self, name: str) -> list[str]:
        """What can be chosen from for a filter."""
        return sorted({value for fact in self.facts for value in FILTERS[name](fact)})


@cache
def catalogue(docs: Path = DOCS) -> Catalogue:
    """The catalogue of this release. Raises OSError where it was not installed along."""
    found = json.loads((docs / "asyncapi.json").read_text())
    messages, schemas = found["components"]["messages"], found["components"]["schemas"]
    return Catalogue(
        tuple(
            Published(topic, messages[topic], channel, schemas)
            for topic, channel in found["channels"].items()
            if topic in messages
        )
    )
