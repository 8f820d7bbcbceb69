"""Facts that happened, looked up: the newest of a service, or one by its place or id."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import msgspec

from deploy.following.house import House
from deploy.following.told import Told

PAGE = 500
AROUND = timedelta(minutes=10)
"""Clocks of processes differ, and are moved in one service after the other."""


class _Page(msgspec.Struct):
    facts: list[msgspec.Raw]
    positions: list[int]
    after: int
    head: int


_decoder = msgspec.json.Decoder(_Page)


class Lookup:
    """Asks the feeds of one house."""

    def __init__(self, house: House, client: httpx.AsyncClient) -> None:
        self.house, self.client = house, client

    async def head(self, service: str) -> int:
        return (await self._page(service, 0, 1, [])).head

    async def backwards(self, service: str, topics: list[str]) -> AsyncIterator[Told]:
        """The facts of a service, the newest first. Raises Unanswered."""
        after = (await self.head(service) - 1) // PAGE * PAGE
        while after >= 0:
            for told in reversed(await self._facts(service, after, PAGE, topics)):
                yield told
            after -= PAGE

    async def at(self, service: str, position: int) -> Told | None:
        """The fact at a place; None when there is none, or it may not be seen. Raises Unanswered."""
        if position < 1 or position > await self.head(service):
            return None
        found = await self._facts(service, position - 1, 1, [])
        return found[0] if found else None

    async def with_id(self, id_: UUID) -> Told | None:
        """The fact with this id, in whatever service. Raises Unanswered.

        An id tells the time of its fact (RFC 9562), and a log is in order of time but for the clocks: so it is looked
        for near that time.
        """
        when = datetime.fromtimestamp((id_.int >> 80) / 1000, UTC) if id_.version == 7 else None
        for service in self.house.feeds:
            head = await self.head(service)
            after = 0 if when is None else await self._before(service, when - AROUND, head)
            while after < head:
                found = await self._facts(service, after, PAGE, [])
                for told in found:
                    if told.envelope.id == id_:
                        return told
                if found and when is not None and found[-1].envelope.time > when + AROUND:
                    break
                after = (after // PAGE + 1) * PAGE
        return None

    async def _before(self, service: str, when: datetime, head: int) -> int:
        """A position before which everything was recorded earlier than this, by halving."""
        low, high = 0, head // PAGE
        while low < high:
            middle = (low + high + 1) // 2
            found = await self._facts(service, middle * PAGE, PAGE, []) if middle * PAGE < head else []
            if found and found[0].envelope.time < when:
                low = middle
            else:
                high = middle - 1
        return low * PAGE

    async def next(self, service: str, after: int, topic: str, wait: float) -> tuple[int, list[Told]]:
        """Facts of this topic after a position, and the position to ask after next; waits for one (seconds)."""
        page = await self._page(service, after, PAGE, [topic], wait)
        return page.after, _placed(service, page)

    async def _facts(self, service: str, after: int, limit: int, topics: list[str]) -> list[Told]:
        return _placed(service, await self._page(service, after, limit, topics))

    async def _page(
        self, service: str, after: int, limit: int, topics: list[str], wait: float | None = None
    ) -> _Page:
        asked = {"after": after, "limit": limit, "types": ",".join(topics) or None, "wait": wait}
        return _decoder.decode((await self.house.ask(self.client, f"{service}/facts", **asked)).content)


def _placed(service: str, page: _Page) -> list[Told]:
    return [Told(service, n, bytes(raw)) for n, raw in zip(page.positions, page.facts, strict=True)]
