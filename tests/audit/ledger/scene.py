"""What happens around the sequencer in these tests: facts arrive, witnesses answer or are away, trees are judged."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import uvicorn

from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import leaf_hash, root_of
from services.audit.ledger.formats.policy import Policy
from services.audit.ledger.sequencer import Sequencer
from services.audit.ledger.settings import Keys
from services.audit.witness.app import build
from services.audit.witness.judging import Judge
from services.audit.witness.record import Record
from shared.kernel.bus.ending import end
from shared.kernel.notekeys import COSIGNATURE, Signer
from shared.kernel.signing import Signing

REGION = "uk-london"
SOURCES = ("assignments", "sessions")
LOG = Signer(f"{REGION}/ledger", b"l" * 32)
PRODUCERS = {name: Signer(f"{REGION}/{name}", name.encode().ljust(32, b"p")) for name in SOURCES}
FLUSH_SECONDS = 0.05


def fact(source: str, position: int) -> bytes:
    return f"{source} {position}".encode()


def signatures(source: str, facts: Sequence[tuple[int, bytes]]) -> list[str]:
    """As the source's relay makes them."""
    signing = Signing.of(REGION, source, PRODUCERS[source].skey())
    assert signing
    return signing.sign(facts)


def arrive(
    database_url: str,
    source: str,
    positions: Sequence[int],
    signed: Callable[[str, Sequence[tuple[int, bytes]]], Sequence[str]] = signatures,
) -> None:
    """Facts as the projection puts them into `facts`."""
    facts = [(position, fact(source, position)) for position in positions]
    columns = (
        "source, position, id, type, aggregate, stream, version, recorded_at, correlation_id, causation_id"
    )
    copying = f"COPY facts ({columns}, actor, sha256, body, signature) FROM STDIN"
    with (
        psycopg.connect(database_url) as connection,
        connection.cursor() as cursor,
        cursor.copy(copying) as copy,
    ):
        for (position, state), made in zip(facts, signed(source, facts), strict=True):
            row = (source, position, uuid4(), "a.B.v1", "a", uuid4(), 1, datetime.now(UTC), "", "", "")
            copy.write_row((*row, sha256(state).hexdigest(), state, made))


@dataclass
class Witnessing:
    """A witness in this process, as its own HTTP server. `away` ends it; it remembers when it comes back."""

    directory: Path
    name: str
    port: int = 0
    key: Signer = field(init=False)
    asked: int = 0

    def __post_init__(self) -> None:
        self.key = Signer(f"{self.name}.example/witness", self.name.encode().ljust(32, b"w"), COSIGNATURE)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    @asynccontextmanager
    async def here(self) -> AsyncIterator["Witnessing"]:
        """Answering for as long as the block lasts."""
        record = Record(self.directory / self.name)
        with record.held():
            app = build(Judge(record, self.key, [LOG.verifier], lambda: int(time.time())))
            config = uvicorn.Config(app, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(
                server.serve([socket.create_server(("127.0.0.1", self.port), reuse_port=True)])
            )
            try:
                await until(lambda: server.started)
                yield self
            finally:
                server.should_exit = True
                await serving

    def line(self) -> str:
        return f"witness {self.name} {self.key.vkey()} http://127.0.0.1:{self.port}\n"


def keys(state: Path, *witnesses: Witnessing, needed: int | None = None) -> Keys:
    """A policy that needs all of these witnesses, or as many as said."""
    text = f"log {LOG.vkey()}\n" + "".join(each.line() for each in witnesses)
    if witnesses:
        count = len(witnesses) if needed is None else needed
        text += f"group enough {count} {' '.join(each.name for each in witnesses)}\nquorum enough\n"
    else:
        text += "quorum none\n"
    producers = {each.verifier.key_id: each.verifier for each in PRODUCERS.values()}
    return Keys(REGION, LOG, state, Policy.parse(text), producers, {})


@asynccontextmanager
async def sequencing(database_url: str, chosen: Keys) -> AsyncIterator[Sequencer]:
    """A sequencer at work; an error of its own is the test's."""
    sequencer = Sequencer(database_url, chosen, frozenset(SOURCES), FLUSH_SECONDS)
    task = asyncio.create_task(sequencer.run())
    try:
        yield sequencer
    finally:
        if task.done():
            task.result()
        await end(task)


async def until(reached: Callable[[], Any], seconds: float = 10) -> None:
    """Wait for a condition; fails after `seconds`."""
    last = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < last, f"not reached within {seconds} s"
        await asyncio.sleep(0.01)


def rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    return looking_at(database_url).execute(query).fetchall()


@cache
def looking_at(database_url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """One connection for all looks: making one is dearer than all that is asked."""
    return psycopg.connect(database_url, autocommit=True)


def published(database_url: str) -> int:
    """The size of the newest published tree."""
    return int(rows(database_url, "SELECT coalesce(max(size), 0) FROM ledger_checkpoints")[0][0])


def findings(database_url: str) -> list[tuple[Any, ...]]:
    query = "SELECT finding, source, position, until_position, index FROM ledger_findings ORDER BY 1, 2, 3"
    return rows(database_url, query)


def assert_whole(database_url: str, policy: Policy) -> list[Leaf]:
    """Judged without a line of the sequencer: indexes and positions are dense, and every published tree is the
    tree of the first leaves, signed and witnessed. Answers the leaves."""
    entries = rows(database_url, "SELECT index, source, position, leaf FROM ledger_entries ORDER BY index")
    assert [row[0] for row in entries] == list(range(len(entries)))
    leaves = [Leaf.decode(bytes(row[3])) for row in entries]
    assert [(leaf.source, leaf.position) for leaf in leaves] == [
        (f"/{REGION}/{row[1]}", row[2]) for row in entries
    ]
    for source in SOURCES:
        mine = [leaf for leaf in leaves if leaf.source == f"/{REGION}/{source}"]
        assert [leaf.position for leaf in mine] == list(range(1, len(mine) + 1))
        for leaf in mine:
            state = fact(source, leaf.position)
            assert (leaf.sha256, leaf.length) == (sha256(state).hexdigest(), len(state))
    hashes = [leaf_hash(bytes(row[3])) for row in entries]
    for size, root, note in rows(
        database_url, "SELECT size, root, note FROM ledger_checkpoints ORDER BY size"
    ):
        witnessed = policy.satisfied_by(bytes(note))
        assert (witnessed.checkpoint.size, witnessed.checkpoint.root.hex()) == (size, root)
        assert root_of(hashes[:size]).hex() == root
    return leaves
