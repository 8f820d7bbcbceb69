"""The quick way for read models when facts are millions: each is rebuilt by several processes, then switched."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import psycopg

from deploy.seed.catching_up import Stuck
from deploy.seed.place import Follower, Place

# From here on folding everything in memory is quicker than following fact by fact.
MANY = 200_000
LEAD_SECONDS = 30.0
LOOK_SECONDS = 0.3

_LEAD = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
# The leader's connection: its service notices at once, and waits for its turn again.
_LET_GO = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = %s AND pid IN "
    "(SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"
)


class NotLed(Exception):
    """What a service leads could not be taken over."""


class NotRebuilt(Exception):
    """A read model could not be rebuilt; the message says which and why."""


@contextmanager
def led(place: Place, part: str) -> Iterator[None]:
    """Lead a part of every service (`due`, `projector`) and do nothing, so that nobody else does it meanwhile.

    Due times: a reminder of a session is due until the fact is read that says that the session took place.
    """
    with ExitStack() as stack:
        for url in place.databases.values():
            connection = stack.enter_context(psycopg.connect(url, autocommit=True))
            connection.execute("SET application_name = 'alongside seed'")
            until = time.monotonic() + LEAD_SECONDS
            while not _taken(connection, part):
                connection.execute(_LET_GO, (f"alongside {part}",))
                if time.monotonic() > until:
                    raise NotLed(f"{part}: another process leads it and does not let go")
                time.sleep(0.02)
        yield


def _taken(connection: psycopg.Connection[Any], part: str) -> bool:
    row = connection.execute(_LEAD, (f"alongside:{part}",)).fetchone()
    return bool(row and row[0])


def rebuild_all(
    place: Place,
    followers: list[Follower],
    heads: Mapping[str, int],
    processes: int,
    moved: Callable[[str, int, int], None],
) -> dict[str, float]:
    """Rebuild every projection that has much to read, one after the other; the seconds each took.

    Those of a service's own facts come first: what reads other services' streams waits until these have everything.
    Raises NotRebuilt and Stuck.
    """
    took: dict[str, float] = {}
    names = {(one.service, one.name) for one in followers if not one.acts}
    sources = {
        key: {one.source for one in followers if (one.service, one.name) == key and one.source in heads}
        for key in names
    }
    many = [key for key in names if sum(heads[source] for source in sources[key]) > MANY]
    token = f"Bearer dev:operator:{place.region}:seed"
    with httpx.Client(timeout=60, trust_env=False, headers={"Authorization": token}) as client:
        for service, name in sorted(many, key=lambda key: (sources[key] != {key[0]}, key)):
            began = time.monotonic()
            if sources[service, name] != {service}:
                _wait_for_streams(client, place, sources[service, name], heads, moved)
            _rebuild(client, f"{place.urls[service]}/operations/projections", service, name, processes, moved)
            took[f"{service}/{name}"] = round(time.monotonic() - began, 1)
    return took


def _rebuild(
    client: httpx.Client,
    url: str,
    service: str,
    name: str,
    processes: int,
    moved: Callable[[str, int, int], None],
) -> None:
    what = f"{service}/{name}"
    _answer(what, client.post(f"{url}/{name}/rebuild", params={"processes": processes, "fresh": True}))
    while True:
        views = [view for view in _answer(what, client.get(url))["rebuilds"] if view["projection"] == name]
        done = sum(view["target"] if view["state"] == "ready" else view["position"] for view in views)
        moved(what, done, max(sum(view["target"] for view in views), 1))
        if views and all(view["state"] == "ready" for view in views):
            break
        if views and not any(view["under_way"] for view in views):
            raise NotRebuilt(f"{what}: {next((view['error'] for view in views if view['error']), 'ended')}")
        time.sleep(LOOK_SECONDS)
    _answer(what, client.post(f"{url}/{name}/switch"))


def _wait_for_streams(
    client: httpx.Client,
    place: Place,
    sources: set[str],
    heads: Mapping[str, int],
    moved: Callable[[str, int, int], None],
) -> None:
    last, changed = -1, time.monotonic()
    while True:
        left = 0
        for source in sources:
            relay = client.get(f"{place.urls[source]}/status").json()["relay"]
            left += max(0, heads[source] - (relay["position"] if relay else 0))
        moved("the streams", sum(heads[source] for source in sources) - left, sum(map(heads.get, sources)))  # type: ignore[arg-type]
        if not left:
            return
        if left != last:
            last, changed = left, time.monotonic()
        elif time.monotonic() - changed > 120:
            raise Stuck(f"the relay has not moved for two minutes; {left:,} facts are not in the streams")
        time.sleep(LOOK_SECONDS)


def _answer(what: str, answer: httpx.Response) -> Any:
    if answer.is_error:
        raise NotRebuilt(f"{what}: {answer.status_code} {answer.text[:300]}")
    return answer.json()
