"""Folding a region's facts from the ledger, a stretch of positions at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import tuple_row
from pydantic import ValidationError

from services.audit.read_model.asked import topics
from services.audit.replay import region, sessions_of_day
from services.audit.replay.reading import WITHHELD
from services.audit.replay.region import SOURCES, Region
from services.audit.replay.sessions_of_day import SessionsOfDay
from shared.contracts.fact import contract_of, find_contract
from shared.kernel import envelope
from shared.kernel.sealing.cipher import SealBroken

SESSIONS = "sessions"
AT_ONCE = 1000
"""Sessions whose facts are looked up together."""


class _Plan(msgspec.Struct):
    """All that is read of the plan of a session to see whether it may be of the day."""

    starts_at: datetime


class _Planned(msgspec.Struct):
    data: _Plan


_planned = msgspec.json.Decoder(_Planned)


@dataclass
class Folding:
    """How far a region is folded: what it comes to so far, and what was read."""

    region: Region
    near: set[UUID] = field(default_factory=set)
    """Streams of the sessions that may be of the day; their facts are read when all plans were looked at."""
    used: dict[str, int] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begun(cls, on: date) -> "Folding":
        return cls(Region(SessionsOfDay(on)))

    def take(self, source: str, body: bytes) -> None:
        """Fold in one fact; one that this program can't read is counted."""
        head = envelope.read(body)
        contract = find_contract(head.type)
        try:
            if contract is None:
                raise LookupError
            fact = envelope.recorded(head, contract, 0, WITHHELD).fact
        except (LookupError, ValidationError, SealBroken):
            self.unread[head.type] = self.unread.get(head.type, 0) + 1
            return
        self.region.take(fact)
        self.used[source] = self.used.get(source, 0) + 1

    def look(self, stream: UUID, body: bytes) -> None:
        """See whether a plan brings a session near the day; what can't be read is counted later, with the rest."""
        try:
            if self.region.sessions.near(_planned.decode(body).data.starts_at):
                self.near.add(stream)
        except msgspec.MsgspecError:
            self.near.add(stream)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Positions (after, until] of a source."""

    source: str
    after: int
    until: int


def stretches(up_to: Mapping[str, int], done: tuple[str, int], size: int) -> Iterator[Stretch]:
    """What is left to read after `done` (a source and a position of it), in pieces of `size` positions."""
    source_done, position_done = done
    for source in SOURCES:
        if source < source_done:
            continue
        after = position_done if source == source_done else 0
        until = up_to.get(source, 0)
        while after < until:
            yield Stretch(source, after, min(after + size, until))
            after += size


async def fold(
    connection: AsyncConnection[Any], folding: Folding, stretch: Stretch, known_at: datetime
) -> None:
    """Take in what is wanted of one stretch. Of sessions only the plans are looked at."""
    source = stretch.source
    asked = "SELECT stream, body FROM facts WHERE source = %s AND position > %s AND position <= %s"
    cursor = connection.cursor(binary=True, row_factory=tuple_row)
    await cursor.execute(
        f"{asked} AND type = ANY(%s) AND recorded_at <= %s ORDER BY position",
        (source, stretch.after, stretch.until, _TOPICS[source], known_at),
    )
    for stream, body in await cursor.fetchall():
        if source == SESSIONS:
            folding.look(stream, body)
        else:
            folding.take(source, body)


async def finish(
    connection: AsyncConnection[Any], folding: Folding, up_to: Mapping[str, int], known_at: datetime
) -> None:
    """Take in all that is known of the sessions that may be of the day."""
    streams, kinds = sorted(folding.near), topics(sessions_of_day.TYPES)
    for first in range(0, len(streams), AT_ONCE):
        cursor = connection.cursor(binary=True, row_factory=tuple_row)
        await cursor.execute(
            "SELECT body FROM facts WHERE stream = ANY(%s) AND source = %s AND position <= %s "
            "AND type = ANY(%s) AND recorded_at <= %s ORDER BY position",
            (streams[first : first + AT_ONCE], SESSIONS, up_to.get(SESSIONS, 0), kinds, known_at),
        )
        for (body,) in await cursor.fetchall():
            folding.take(SESSIONS, body)


_TOPICS: dict[str, list[str]] = {
    source: topics(
        sessions_of_day.PLANS
        if source == SESSIONS
        else [kind for kind in region.TYPES if contract_of(kind).service == source]
    )
    for source in SOURCES
}
