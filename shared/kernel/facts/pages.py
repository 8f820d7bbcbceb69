"""The log in pages that never change, read once for everybody who asks."""

import asyncio
from collections import OrderedDict
from typing import NamedTuple

import msgspec
import orjson
import structlog
from psycopg import OperationalError

from shared.contracts.fact import find_contract
from shared.kernel.bus.ending import end
from shared.kernel.sealing.cipher import is_sealed
from shared.kernel.store import Store, StoreUnavailable

log = structlog.get_logger(__name__)

PAGE = 500
MOST_BYTES = 32_000_000
READS_AT_ONCE = 2
"""Of the store's connections; the others are left to commands, whoever is catching up."""
LOOK_SECONDS = 15.0
PAUSE_SECONDS = 1.0
HIDDEN = ""
"""The topic of what nobody is shown here: restricted facts, and old ones with personal data in clear."""


class Kept(NamedTuple):
    """A fact as it is stored, by its position; `topic` may be HIDDEN."""

    position: int
    topic: str
    state: bytes


class LogBroken(Exception):
    """The store answered with a gap: nothing is handed out past it."""


class _Head(msgspec.Struct):
    type: str
    data: msgspec.Raw


_head = msgspec.json.Decoder(_Head)


class Pages:
    """One for each process: callers share its pages, its reads, and its one wait for what comes next."""

    def __init__(self, store: Store, most_bytes: int = MOST_BYTES) -> None:
        self._store, self._most = store, most_bytes
        self._pages: OrderedDict[int, list[Kept]] = OrderedDict()
        self._bytes = 0
        self._reading: dict[int, asyncio.Lock] = {}
        self._gate = asyncio.Semaphore(READS_AT_ONCE)
        self._known = self._begun = self._done = 0
        self._looking = asyncio.Lock()
        self._moved = asyncio.Event()
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None
        self.ended = False

    @property
    def known(self) -> int:
        """How far the log reaches at least, without asking."""
        return self._known

    async def head(self) -> int:
        """The position of the last fact, of those recorded before this was asked too. Raises StoreUnavailable.

        Who asks while a look is under way shares the next one: the one under way may have begun too early.
        """
        seen = self._begun
        async with self._looking:
            if self._done <= seen:
                self._begun += 1
                try:
                    self._known = max(self._known, await self._store.head())
                except OperationalError as error:
                    raise StoreUnavailable("the event store does not answer; try again") from error
                self._done = self._begun
            return self._known

    async def read(self, after: int, upto: int) -> list[Kept]:
        """The facts after one position up to another, which the head has reached. Raises StoreUnavailable."""
        found: list[Kept] = []
        while after < upto:
            number, begins = after // PAGE, after // PAGE * PAGE
            page = await self._page(number, min(upto - begins, PAGE))
            found += page[after - begins : upto - begins]
            after = begins + PAGE
        return found

    async def beyond(self, position: int, timeout: float) -> int:
        """Wait until the head is beyond `position`, at most so many seconds; the head as known then."""
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout):
                while self._known <= position and not self.ended:
                    if self._task is None or self._task.done():
                        self._task = asyncio.create_task(self._watch(), name="facts awaited")
                    await self._moved.wait()
        except TimeoutError:
            pass
        finally:
            self._waiting -= 1
            if not self._waiting and self._task is not None:
                task, self._task = self._task, None
                await end(task)
        return self._known

    def stop(self) -> None:
        """Nobody waits here any more."""
        self.ended = True
        self._move()

    async def _watch(self) -> None:
        """The one wait, for as long as somebody waits; a store that is away is waited for as well."""
        while True:
            try:
                found = await self._store.wait_beyond(self._known, LOOK_SECONDS)
            except OperationalError as error:
                log.warning("facts not known", error=type(error).__name__)
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if found > self._known:
                self._known = found
                self._move()

    def _move(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def _page(self, number: int, need: int) -> list[Kept]:
        """At least the first `need` facts of a page."""
        if len(page := self._pages.get(number, ())) < need:
            async with self._reading.setdefault(number, asyncio.Lock()):
                if len(page := self._pages.get(number, ())) < need:
                    page = await self._load(number, [*page])
            self._reading.pop(number, None)
        if number in self._pages:
            self._pages.move_to_end(number)
        return [*page[:need]]

    async def _load(self, number: int, page: list[Kept]) -> list[Kept]:
        last = number * PAGE + len(page)
        try:
            async with self._gate:
                rows = await self._store.states(last, PAGE - len(page))
        except OperationalError as error:
            raise StoreUnavailable("the event store does not answer; try again") from error
        for expected, (position, state) in enumerate(rows, start=last + 1):
            if position != expected:
                raise LogBroken(f"the store has no fact at {expected}, but one at {position}")
            page.append(Kept(position, _topic(state), state))
        self._keep(number, page)
        return page

    def _keep(self, number: int, page: list[Kept]) -> None:
        self._bytes += _size(page) - _size(self._pages.get(number, ()))
        self._pages[number] = page
        while self._bytes > self._most and len(self._pages) > 1:
            self._bytes -= _size(self._pages.popitem(last=False)[1])


def _size(page: list[Kept] | tuple[()]) -> int:
    return sum(len(kept.state) for kept in page)


def _topic(state: bytes) -> str:
    """What the fact is shown as: its topic."""
    found = _head.decode(state)
    contract = find_contract(found.type)
    if contract is None or not (contract.restricted or contract.kept):
        return found.type
    data = orjson.loads(bytes(found.data))
    sealed = all(data.get(name) is None or is_sealed(data[name]) for name in contract.kept)
    return found.type if sealed and not contract.restricted else HIDDEN
