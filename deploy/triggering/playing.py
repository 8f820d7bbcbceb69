"""A fact made to happen, and found in the feed of its service."""

import secrets
from collections.abc import Callable, Mapping
from itertools import count
from time import monotonic

import httpx

import shared.contracts.all  # noqa: F401  (a scene is named by a fact, whichever service's)
from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.claims import Chapter, Claim, DidNotHold, Exchange
from deploy.demo.story import Story
from deploy.following import house as followed
from deploy.following.looking import Lookup
from deploy.following.told import Told
from deploy.triggering import scenes_assignments, scenes_notifications, scenes_sessions, scenes_training
from deploy.triggering.scenes_assignments import Scene
from deploy.triggering.stage import Stage
from shared.contracts.fact import Contract, contracts, is_newest

PATIENCE_SECONDS = 30.0
WAIT_SECONDS = 5

Heard = Callable[[Exchange], None]


def scenes() -> Mapping[str, Scene]:
    """By topic what leads to a fact of it."""
    of_service = {
        "assignments": scenes_assignments.SCENES,
        "sessions": scenes_sessions.SCENES,
        "training": scenes_training.SCENES,
        "notifications": scenes_notifications.SCENES,
    }
    newest = {(one.service, one.name): one for one in contracts() if is_newest(one)}
    return {
        newest[service, name].topic: scene
        for service, known in of_service.items()
        for name, scene in known.items()
    }


def named(word: str) -> list[Contract]:
    """The facts that this names and that can be made to happen: in full, or by the short name."""
    known = scenes()
    return [
        one
        for one in contracts()
        if one.topic in known and word in (one.topic, one.name, f"{one.service}.{one.name}")
    ]


async def play(house: followed.House, topic: str, heard: Heard) -> Told:
    """Play what leads to a fact, and find it. Raises DidNotHold when it did not happen, Unanswered."""
    service = topic.partition(".")[0]
    limits = httpx.Limits(keepalive_expiry=2)
    async with (
        house.client() as asking,
        httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client,
    ):
        lookup = Lookup(house, asking)
        story = Story(_Teller(heard), [Chapter(1, topic)])
        demo = House(house.urls, house.region, secrets.token_hex(4), client, story, count(1))
        before = await lookup.head(service)
        stage = Stage(demo, await clocks.now(demo))
        await scenes()[topic](stage)
        return await _found(lookup, service, topic, before, stage.ids)


async def _found(lookup: Lookup, service: str, topic: str, after: int, ids: set[str]) -> Told:
    """The fact after this position that names one of these. What others do meanwhile is passed by."""
    until = monotonic() + PATIENCE_SECONDS
    while monotonic() < until:
        after, found = await lookup.next(service, after, topic, WAIT_SECONDS)
        for told in found:
            if any(each.encode() in told.state for each in ids):
                return told
    raise DidNotHold(f"no {topic} followed within {PATIENCE_SECONDS:.0f} s")


class _Teller:
    """Of a story only the commands are told."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    def exchange(self, exchange: Exchange) -> None:
        self._heard(exchange)

    def chapter(self, chapter: Chapter) -> None: ...
    def claim(self, claim: Claim) -> None: ...
    def say(self, text: str) -> None: ...
    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None: ...
    def progress(self, text: str, done: int, total: int) -> None: ...
