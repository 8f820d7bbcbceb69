"""Everything the checker judges by, read once from a system at rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.faults.checker.bus import Message, Streamed, read_streams
from tests.faults.checker.databases import Kept, Stored, read_database
from tests.faults.checker.journal import Command
from tests.faults.checker.mails import Mail, read_mails


@dataclass(frozen=True)
class Place:
    """Where a region's parts are: a database for each service, the bus, and the folder of the mail sink.

    `listeners` are the (listener, source) pairs that each service says it has.
    """

    region: str
    databases: Mapping[str, str]
    nats_url: str
    mail: Path
    nats_seed: str | None = field(default=None, repr=False, kw_only=True)
    listeners: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """`stores` by service; `streams` are all that the server has, of whatever region."""

    place: Place
    stores: Mapping[str, Kept]
    streams: Mapping[str, Streamed]
    mails: Sequence[Mail]
    journal: Sequence[Command]

    @cached_property
    def by_id(self) -> dict[str, Stored]:
        """Every fact of every store by its id."""
        return {fact.id: fact for kept in self.stores.values() for fact in kept.facts}

    @cached_property
    def by_topic(self) -> dict[str, list[Stored]]:
        """The facts of every store by topic, in the order of their store."""
        found: dict[str, list[Stored]] = {}
        for kept in self.stores.values():
            for fact in kept.facts:
                found.setdefault(fact.topic, []).append(fact)
        return found

    def of(self, topic: str) -> list[Stored]:
        """The facts of `<service>.<Fact>`, version 1."""
        return self.by_topic.get(f"{topic}.v1", [])

    def stream(self, service: str) -> Sequence[Message]:
        """What the stream of a service of this region holds."""
        found = self.streams.get(f"EV_{self.place.region}_{service}".upper().replace("-", "_"))
        return found.messages if found else ()


async def gather(place: Place, journal: Sequence[Command]) -> Evidence:
    """Read it all. Nothing may be writing meanwhile."""
    stores = {name: read_database(url) for name, url in place.databases.items()}
    streams = await read_streams(place.nats_url, place.nats_seed)
    return Evidence(place, stores, streams, read_mails(place.mail), list(journal))


Row = Mapping[str, Any]
