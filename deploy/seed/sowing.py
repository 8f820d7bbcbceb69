"""From a seed to stores that hold its facts: told, ordered, copied, and made true at once."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import msgspec
import psycopg

from deploy.seed import loading
from deploy.seed.agency import Agency
from deploy.seed.keeping_keys import keep_keys
from deploy.seed.loading import Loader, NotEmpty
from deploy.seed.place import STORES, Follower, Place
from deploy.seed.telling import spans, whole
from shared.kernel.sealing.keyring import KeyRef

_FIRST = "SELECT state FROM stored_events ORDER BY notification_id LIMIT 1"


@dataclass
class Sown:
    """What was written: facts, bytes and claims of each service, data keys, and how long each phase took (seconds)."""

    facts: dict[str, int] = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    keys: int = 0

    @property
    def total(self) -> int:
        return sum(self.facts.values())


class SeededBefore(Exception):
    """These very facts are there already."""


def already(place: Place, agency: Agency) -> dict[str, int]:
    """The heads of the stores. Raises SeededBefore when this seed's facts are in all of them that it writes to."""
    heads, ours = {}, 0
    for service in STORES:
        with psycopg.connect(place.databases[service]) as connection:
            row = connection.execute("SELECT position FROM store_head WHERE name = 'store'").fetchone()
            heads[service] = int(row[0]) if row else 0
            first = connection.execute(_FIRST).fetchone()
        if first is not None:
            thread = msgspec.json.decode(first[0]).get("correlationid", "")
            ours += str(thread).startswith(f"seed-{agency.scale.name}-{agency.seed}-")
    if ours:
        raise SeededBefore(f"this system was seeded with {agency.scale.name}, seed {agency.seed}")
    return heads


def sow(
    place: Place,
    agency: Agency,
    followers: Future[list[Follower]],
    processes: int,
    moved: Callable[[int, int, int], None],
    force: bool = False,
) -> Sown:
    """Write the agency's facts. `moved` hears of spans done, of how many, and of facts so far.

    Each store's facts, claims and head are one transaction; nothing is visible before everything is there.
    Raises NotEmpty, ToldNoMore, NotOurs, what the keyring raises, and what PostgreSQL says.
    """
    sown = Sown()
    with _loaders(place, force) as loaders:
        with _timed(sown, "made and copied"):
            keys = _copy(agency, processes, loaders, moved)
        with _timed(sown, "keys"):
            # Before anybody can see the facts: what is in the stores can be opened.
            sown.keys = keep_keys(place.keyring, agency, keys)
        with _timed(sown, "claims"):
            for loader in loaders.values():
                loader.hold()
        with _timed(sown, "committed"):
            _commit(place, followers.result(), loaders)
        for service, loader in loaders.items():
            sown.facts[service], sown.bytes[service] = loader.facts, loader.size
            sown.claims[service] = loader.claims
    return sown


@contextmanager
def _loaders(place: Place, force: bool) -> Iterator[dict[str, Loader]]:
    with ExitStack() as stack:
        loaders = {}
        for service in STORES:
            loader = loaders[service] = Loader(service, place.databases[service])
            stack.callback(loader.close)
            if loader.open() and not force:
                raise NotEmpty(f"the store of {service} has {loader.head:,} facts")
            loader.begin()
        yield loaders


def _copy(
    agency: Agency, processes: int, loaders: dict[str, Loader], moved: Callable[[int, int, int], None]
) -> set[KeyRef]:
    """The keys that were used."""
    count, keys = len(spans(agency)), set[KeyRef]()
    for done, span in enumerate(whole(agency, processes, loaders["sessions"].head), start=1):
        for service, rows in span.rows.items():
            loaders[service].take(rows)
        for service, held in span.claims.items():
            loaders[service].keep(held)
        keys.update(span.keys)
        moved(min(done, count), count, sum(loader.facts for loader in loaders.values()))
    for loader in loaders.values():
        loader.finish()
    return keys


def _commit(place: Place, followers: list[Follower], loaders: dict[str, Loader]) -> None:
    """Policies and effects are put after the facts before anybody can see these.

    A policy that follows another service's facts has its checkpoint set first, one that follows its own service's
    together with them.
    """
    heads = {service: loader.head for service, loader in loaders.items()}
    for service, url in place.databases.items():
        theirs = [(one.name, one.source) for one in followers if one.service == service and one.acts]
        others = [(name, source) for name, source in theirs if source != service]
        with psycopg.connect(url) as connection:
            loading.begin_after(connection.cursor(), others, heads)
        if service in loaders:
            loaders[service].skip([pair for pair in theirs if pair[1] == service], heads)
    for loader in loaders.values():
        loader.commit()


@contextmanager
def _timed(sown: Sown, phase: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    sown.seconds[phase] = round(time.monotonic() - began, 2)
