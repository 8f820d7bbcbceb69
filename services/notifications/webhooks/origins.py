"""Facts of the past, for those who ask for them again: from the owning store or stream, in order."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

import msgspec

from services.notifications.webhooks.queueing import Wanted
from shared.kernel import envelope
from shared.kernel.envelope import stream_name
from shared.kernel.projections.origin import Origin, StoreOrigin, StreamOrigin
from shared.kernel.running import Running

OriginOf = Callable[[str], Origin]
AT_ONCE = 500
DISORDER = timedelta(minutes=5)
"""By how much facts of one service may be out of the order of their times: its processes have clocks."""


def origins(running: Running) -> OriginOf:
    """Where a service's facts are read: its own in its store, others' in their streams."""

    def origin_of(source: str) -> Origin:
        if source == running.service:
            return StoreOrigin(running.settings.database_url.get_secret_value())
        at = running.settings
        return StreamOrigin(
            at.nats_url,
            stream_name(at.region, source),
            part=f"{running.service}-rebuild",
            seed=at.seed("projector"),
        )

    return origin_of


async def facts_since(
    origin: Origin, source: str, topics: Sequence[str], since: datetime
) -> AsyncIterator[list[Wanted]]:
    """The facts of these topics recorded at `since` or later, some at a time."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "webhook origin") as thread:  # its reader belongs to one thread
        head = await loop.run_in_executor(thread, origin.head)
        begin = await loop.run_in_executor(thread, partial(_before, origin, since - DISORDER, head))
        patterns = [topic.replace("_", r"\_") for topic in topics]
        reading = origin.facts(begin, head, patterns)
        while some := await loop.run_in_executor(thread, lambda: list(islice(reading, AT_ONCE))):
            yield list(_wanted(source, some, frozenset(topics), since))


def _wanted(
    source: str, some: Sequence[tuple[int, bytes]], topics: frozenset[str], since: datetime
) -> Iterator[Wanted]:
    for position, state in some:
        try:
            read = envelope.read(state)
        except (msgspec.MsgspecError, ValueError):
            continue
        if read.type in topics and read.time >= since:
            yield Wanted(source, position, read, state)


def _before(origin: Origin, since: datetime, head: int) -> int:
    """A position after which everything since then is: found by halving."""
    low, high = 0, head
    while low < high:
        middle = (low + high + 1) // 2
        found = next(iter(origin.facts(middle - 1, middle, ["%"])), None)
        if found is not None and envelope.read(found[1]).time < since:
            low = middle
        else:
            high = middle - 1
    return low
