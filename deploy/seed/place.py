"""Where facts are seeded: a running system, or one that is started for it; and who follows facts there."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy import running
from deploy.embedded import System
from deploy.supervision import Event
from shared.kernel.sealing.reaching import KeyringAt

Say: TypeAlias = Callable[[str], None]

# In this order they are committed: who listens to another comes first.
MAKER = "assignments"
"""Keys of every class may be made in the name of this service."""
STORES = ("notifications", "sessions", "assignments", "training")


class Follower(NamedTuple):
    """Something of a service that listens to the facts of a source."""

    service: str
    name: str
    source: str
    acts: bool


@dataclass(frozen=True)
class Place:
    """A running system: the addresses and databases of its services. Raises Unreachable when a store is missing."""

    region: str
    urls: Mapping[str, str]
    databases: Mapping[str, str]
    data: Path
    keyring: KeyringAt


class Unreachable(Exception):
    """The databases of the system are not known here."""


@contextmanager
def found_or_started(data: Path, say: Say) -> Iterator[Place]:
    """The system that runs on the data directory; else one is started there, for as long as this lasts."""
    found = running.find(data)
    if found is not None:
        databases = {name: one.database_url for name, one in found.services.items() if one.database_url}
        keyring = KeyringAt(_as_maker(found.keyring_url, _needed(databases)), found.epoch_keys)
        yield Place(found.region, found.urls, databases, found.data, keyring)
        return
    say("nothing runs there; a system is started for as long as this lasts")
    with System(data, say=lambda event: _only_trouble(event, say)) as system:
        databases = {name: system.database_url(name) for name in system.names if name != "console"}
        keyring = KeyringAt(system.keyring_url(MAKER), system.epoch_keys)
        yield Place(system.region, system.urls, _needed(databases), system.data, keyring)


def given(
    region: str, urls: Mapping[str, str], databases: Sequence[str], data: Path, keyring: KeyringAt | None
) -> Place:
    """A system that something else runs: its addresses, and NAME=URL of each service's own database."""
    if keyring is None:
        raise Unreachable(f"with --url, say where the keyring is, as {MAKER}: --keyring URL --epoch-keys DIR")
    found = dict(word.split("=", 1) for word in databases if "=" in word)
    return Place(region, urls, _needed({name: found[name] for name in urls if name in found}), data, keyring)


def _as_maker(keyring_url: str, databases: Mapping[str, str]) -> str:
    """The keyring as the service that may make every key."""
    name = conninfo_to_dict(keyring_url)["dbname"]
    return make_conninfo(databases[MAKER], dbname=name)


def followers(place: Place) -> list[Follower]:
    """Everybody who listens in any service, told by the services' own programs."""
    with ThreadPoolExecutor(len(place.databases)) as pool:
        return [one for found in pool.map(_followers, place.databases) for one in found]


def _followers(service: str) -> list[Follower]:
    command = [sys.executable, "-P", "-m", f"services.{service}.main", "listeners"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    return [
        Follower(service, one["name"], source, one["kind"] != "projection")
        for one in json.loads(told)
        for source in one["sources"]
    ]


def _needed(databases: Mapping[str, str]) -> Mapping[str, str]:
    missing = [name for name in STORES if name not in databases]
    if missing:
        why = "is that service running? With --url, name each with --database NAME=URL"
        raise Unreachable(f"the database of {', '.join(missing)} is not known: {why}")
    return databases


def _only_trouble(event: Event, say: Say) -> None:
    if event.kind in ("ended", "failed", "killed"):
        say(event.text)
