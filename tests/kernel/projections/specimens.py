"""A small invented service: counters that are opened, moved and closed, and a read model of them."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid5

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import ARRAY, BigInteger, Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import CreateTable

from shared.contracts.fact import Concerns, Fact, contract_of, published
from shared.kernel.decider import Decider, Refused
from shared.kernel.envelope import Origin, encode
from shared.kernel.migrations import migrate
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Add, Drop, Put, Row
from shared.kernel.store import Append, Store

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
SPACE = UUID("6f6fb8a5-6a41-4ac0-8a57-2d1b8b7f3a11")


@published("specimens.CounterOpened.v1", aggregate="counter")
class CounterOpened(Fact):
    """A counter starts at nought."""

    counter_id: Annotated[UUID, Concerns("counter")]
    name: str


@published("specimens.CounterMoved.v1", aggregate="counter")
class CounterMoved(Fact):
    """A counter went up or down."""

    counter_id: Annotated[UUID, Concerns("counter")]
    by: int
    moved_at: datetime


@published("specimens.CounterClosed.v1", aggregate="counter")
class CounterClosed(Fact):
    """A counter is no more."""

    counter_id: Annotated[UUID, Concerns("counter")]


@dataclass(frozen=True)
class Counter:
    """What a counter's decisions depend on."""

    open: bool = False
    total: int = 0


@dataclass(frozen=True)
class Open:
    counter_id: UUID
    name: str


@dataclass(frozen=True)
class Move:
    counter_id: UUID
    by: int
    at: datetime


def decide(state: Counter, command: Open | Move) -> Sequence[Fact]:
    match command:
        case Open() if state.open:
            return ()
        case Open(counter_id, name):
            return (CounterOpened(counter_id=counter_id, name=name),)
        case Move() if not state.open:
            raise Refused("not_open", "open the counter first")
        case Move(by=by) if by > 1000:
            raise ValueError("a fault in the rules")
        case Move(counter_id, by, at):
            return (CounterMoved(counter_id=counter_id, by=by, moved_at=at),)


def evolve(state: Counter, fact: CounterOpened | CounterMoved | CounterClosed) -> Counter:
    match fact:
        case CounterOpened():
            return Counter(open=True)
        case CounterMoved(by=by):
            return Counter(state.open, state.total + by)
        case CounterClosed():
            return Counter()


counting = Decider("counter", Counter(), decide, evolve)

metadata = MetaData()
counters = Table(
    "counters",
    metadata,
    Column("counter_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("total", BigInteger, nullable=False, server_default="0"),
    Column("moves", BigInteger, nullable=False, server_default="0"),
    Column("moved_at", DateTime(timezone=True)),
    Column("tags", ARRAY(Text)),
    Column("extra", JSONB),
)


def counter(n: int) -> UUID:
    return uuid5(SPACE, str(n))


def opened(n: int, name: str = "") -> CounterOpened:
    return CounterOpened(counter_id=counter(n), name=name or f"counter {n}")


def moved(n: int, by: int = 1) -> CounterMoved:
    return CounterMoved(counter_id=counter(n), by=by, moved_at=NOON + timedelta(minutes=by))


def closed(n: int) -> CounterClosed:
    return CounterClosed(counter_id=counter(n))


def project(recorded: Recorded[Any]) -> Iterator[Row]:
    fact: CounterOpened | CounterMoved | CounterClosed = recorded.fact
    key = {"counter_id": fact.counter_id}
    match fact:
        case CounterOpened(name="rubbish"):
            raise ValueError("rubbish is no name")
        case CounterOpened():
            yield Put("counters", key, {"name": fact.name, "tags": fact.name.split(), "extra": {"n": [1]}})
        case CounterMoved():
            yield Put("counters", key, {"moved_at": fact.moved_at})
            yield Add("counters", key, {"total": fact.by, "moves": 1})
        case CounterClosed():
            yield Drop("counters", key)


totals = Projection(
    "totals", (CounterOpened, CounterMoved, CounterClosed), tables=("counters",), project=project
)


def stored(
    facts: Sequence[Any], versions: dict[UUID, int] | None = None
) -> list[tuple[UUID, int, str, bytes]]:
    """Facts as the store keeps them: (stream, version, topic, state)."""
    versions = {} if versions is None else versions
    rows = []
    for fact in facts:
        stream = fact.counter_id
        versions[stream] = versions.get(stream, 0) + 1
        origin = Origin("testland", "specimens", "tester", NOON, "correlation", "causation")
        state = encode(fact, origin, stream, versions[stream])
        rows.append((stream, versions[stream], contract_of(fact).topic, state))
    return rows


def batch(
    facts: Sequence[Any], after: int = 0, versions: dict[UUID, int] | None = None
) -> list[tuple[int, bytes]]:
    """Facts as a feed hands them over."""
    return [(after + at, row[3]) for at, row in enumerate(stored(facts, versions), start=1)]


async def record(store: Store, *facts: Any) -> int:
    """Append facts one by one; the last position."""
    position = 0
    for fact in facts:
        version = len(await store.load(fact.counter_id))
        origin = Origin("testland", "specimens", "tester", NOON, "correlation", "causation")
        event = (contract_of(fact).topic, encode(fact, origin, fact.counter_id, version + 1))
        position = (await store.append(Append(fact.counter_id, version, [event]))).position
    return position


def prepare(database_url: str, tables: MetaData = metadata) -> None:
    """The kernel's tables and the read model."""
    migrate(database_url)
    with psycopg.connect(database_url) as connection:
        for table in tables.sorted_tables:
            connection.execute(str(CreateTable(table).compile(dialect=_dialect())))


def _dialect() -> Any:
    from sqlalchemy.dialects import postgresql

    return postgresql.dialect()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def pool(database_url: str) -> AsyncIterator[AsyncConnectionPool[AsyncConnection[Any]]]:
    async with AsyncConnectionPool[AsyncConnection[Any]](
        database_url, min_size=1, max_size=8, open=False, kwargs={"autocommit": True}
    ) as opened:
        yield opened


def rows(database_url: str, query: str = "SELECT * FROM counters ORDER BY 1") -> list[tuple[Any, ...]]:
    with psycopg.connect(database_url) as connection:
        return connection.execute(query).fetchall()
