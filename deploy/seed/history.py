"""A history as it is told: lives that take turns in the order of time, and the facts they leave."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from deploy.seed.chance import Chance
from shared.contracts.fact import Fact, contract_of
from shared.kernel.envelope import Origin, encode
from shared.kernel.sealing.fields import refs_to_seal
from shared.kernel.sealing.keyring import KeyRef

# A life is told until it says when it goes on.
Life: TypeAlias = Generator[datetime, None, None]

# What several facts have in common, by the names of their fields.
Fields: TypeAlias = dict[str, Any]

_TICK = timedelta(microseconds=1)


class Line(NamedTuple):
    """One fact as a store keeps it, but for its position. Lines are ordered by time, then as they were told."""

    at: datetime
    number: int
    stream: bytes
    version: int
    topic: bytes
    state: bytes


class Held(NamedTuple):
    """A claim that a store keeps; open ends are None."""

    key: str
    since: datetime | None
    until: datetime | None
    owner: UUID


class Cause(NamedTuple):
    """What a fact was recorded for: the fact before it, and the thread both belong to."""

    id: str
    thread: str


@dataclass(frozen=True, slots=True)
class Page:
    """What was told of one span of time, by service; and the keys that are used for the first time."""

    lines: dict[str, list[Line]]
    claims: dict[str, list[Held]]
    keys: list[KeyRef]


class History:
    """One part of an agency: whatever happens in it is a matter of its own chance alone."""

    def __init__(
        self,
        region: str,
        name: str,
        chance: Chance,
        began: datetime,
        number: int,
        key: Callable[[KeyRef], bytes],
    ) -> None:
        self.region, self.name, self.chance, self.now = region, name, chance, began
        self._key = key
        self._keys: dict[KeyRef, bytes] = {}
        self._used: list[KeyRef] = []
        self._number = number
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._told = 0
        self._threads = 0
        self._last = began
        self._versions: dict[UUID, int] = {}
        self._lines: dict[str, list[Line]] = {}
        self._claims: dict[str, list[Held]] = {}
        self._open: dict[tuple[str, UUID], list[Held]] = {}

    def begin(self, life: Life, at: datetime | None = None) -> None:
        """A life that is told from `at` (now) on."""
        self._told += 1
        heappush(self._waiting, (at or self.now, self._told, life))

    def until(self, end: datetime) -> Page:
        """Tell what happens before `end`."""
        waiting = self._waiting
        while waiting and waiting[0][0] < end:
            at, _, life = heappop(waiting)
            self.now = max(self.now, at)
            again = next(life, None)
            if again is not None:
                self.begin(life, max(again, self.now))
        page = Page(self._lines, self._claims, self._used)
        self._lines, self._claims, self._used = {}, {}, []
        return page

    def end(self) -> Page:
        """The claims that are still held when nothing more is told."""
        for (service, _), held in self._open.items():
            self._claims.setdefault(service, []).extend(held)
        self._open, self._waiting = {}, []
        return self.until(self.now)

    def record(
        self, stream: UUID, fact: Fact, actor: str, because: Cause | None = None, last: bool = False
    ) -> Cause:
        """Record a fact now. `last` promises that nothing more is recorded of its stream."""
        contract = contract_of(fact)
        service = contract.service
        at = self._last = max(self.now, self._last + _TICK)
        version = self._versions.get(stream, 0) + 1
        if last:
            self._versions.pop(stream, None)
        else:
            self._versions[stream] = version
        if because is None:
            self._threads += 1
            because = Cause("", f"{self.name}-{self._threads}")
        id_ = self.chance.id(at)
        origin = Origin(self.region, service, actor, at, because.thread, because.id or because.thread)
        if contract.personal:
            self._use(refs_to_seal(contract, dict(fact)).values())
        state = encode(fact, origin, stream, version, id_=id_, salt=self.chance.salt(), keys=self._keys)
        self._told += 1
        line = Line(
            at, self._told * 4096 + self._number, stream.bytes, version, contract.topic.encode(), state
        )
        self._lines.setdefault(service, []).append(line)
        return Cause(str(id_), because.thread)

    def _use(self, refs: Iterable[KeyRef]) -> None:
        for ref in refs:
            if ref not in self._keys:
                self._keys[ref] = self._key(ref)
                self._used.append(ref)

    def hold(self, service: str, owner: UUID, *held: Held) -> None:
        """What `owner` holds from now on, instead of what it held."""
        self._open[service, owner] = list(held)

    def settle(self, service: str, owner: UUID) -> None:
        """What `owner` holds will not change any more."""
        self._claims.setdefault(service, []).extend(self._open.pop((service, owner), ()))


def utc(at: datetime) -> datetime:
    """The same moment, in UTC."""
    return at.astimezone(UTC)
