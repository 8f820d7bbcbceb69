"""The log over HTTP: a client that knows only the C2SP specifications reads and verifies it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import AsyncConnection as PostgresConnection
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from services.audit.ledger import reading
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import leaf_hash, root_of
from services.audit.ledger.formats.proof import Proof
from services.audit.ledger.formats.tiles import decode_entries
from services.audit.ledger.noting import Noted, note
from services.audit.main import service
from services.audit.read_model.ledger_tables import metadata
from tests.audit.ledger.scene import arrive, keys, published, rows, sequencing, until
from tests.support.served import Served, served

ANN = {"role": "auditor", "name": "ann"}
FACTS = 300


@pytest.fixture
async def audit(ledger_url: str) -> AsyncIterator[Served]:
    async with served(service, ledger_url, datetime(2026, 9, 8, 9, 0, tzinfo=UTC)) as found:
        yield found


async def grow(ledger_url: str, state: Path, until_size: int) -> None:
    arrive(ledger_url, "assignments", range(published(ledger_url) + 1, until_size + 1))
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: published(ledger_url) == until_size)


async def test_a_client_verifies_the_whole_log_from_its_tiles(
    audit: Served, ledger_url: str, state: Path
) -> None:
    await grow(ledger_url, state, FACTS)
    note = await audit.get("/ledger/checkpoint", **ANN)
    policy = keys(state).policy
    assert policy
    checkpoint = policy.satisfied_by(note.content).checkpoint
    assert checkpoint.size == FACTS
    assert note.headers["cache-control"] == "no-cache"
    bundles = [await audit.get(f"/ledger/tile/entries/{path}", **ANN) for path in ("000", "001.p/44")]
    hashes = [await audit.get(f"/ledger/tile/0/{path}", **ANN) for path in ("000", "001.p/44")]
    leaves = [leaf for bundle in bundles for leaf in decode_entries(bundle.content)]
    assert [leaf_hash(leaf) for leaf in leaves] == [
        tile.content[at : at + 32] for tile in hashes for at in range(0, len(tile.content), 32)
    ]
    assert root_of([leaf_hash(leaf) for leaf in leaves]) == checkpoint.root
    assert {tile.headers["cache-control"] for tile in (*bundles, *hashes)} == {"max-age=31536000, immutable"}


async def test_a_partial_tile_stays_there_when_the_log_grows(
    audit: Served, ledger_url: str, state: Path
) -> None:
    await grow(ledger_url, state, 5)
    before = (await audit.get("/ledger/tile/0/000.p/5", **ANN)).content
    entries = (await audit.get("/ledger/tile/entries/000.p/5", **ANN)).content
    await grow(ledger_url, state, FACTS)
    assert (await audit.get("/ledger/tile/0/000.p/5", **ANN)).content == before
    assert (await audit.get("/ledger/tile/entries/000.p/5", **ANN)).content == entries


async def test_the_proof_of_a_fact_is_verified_offline(audit: Served, ledger_url: str, state: Path) -> None:
    await grow(ledger_url, state, FACTS)
    policy = keys(state).policy
    assert policy
    for position in (1, 256, 257, FACTS):
        proof = Proof.decode((await audit.get(f"/ledger/proof/assignments/{position}", **ANN)).content)
        assert proof.extra
        assert Leaf.decode(proof.extra).position == position
        assert proof.verify(proof.extra, policy).checkpoint.size == FACTS


async def test_what_is_not_there_is_not_found(audit: Served) -> None:
    tiles = ("0/000.p/1", "9/001", "0/000.p/256", "entries/1", "0/x000/000", "0/000.p/0")
    for path in ("checkpoint", "proof/assignments/1", *(f"tile/{tile}" for tile in tiles)):
        assert (await audit.get(f"/ledger/{path}", **ANN)).status_code == 404, path


async def test_status_and_findings_are_told(audit: Served, ledger_url: str, state: Path) -> None:
    arrive(ledger_url, "assignments", [1], lambda *_: ["-"])
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: published(ledger_url) == 1)
        await until(lambda: rows(ledger_url, "SELECT checked FROM ledger_progress") == [(1,)])
    status = await audit.ask("/ledger/status", **ANN)
    assert (status["size"], status["published"]["size"], status["refused"]) == (1, 1, None)
    assert {"source": "assignments", "sequenced": 1, "recorded": 1} in status["sources"]
    assert status["findings"] == {"UNSIGNED": 1}
    (found,) = (await audit.ask("/ledger/findings", finding="UNSIGNED", **ANN))["items"]
    assert (found["source"], found["position"], found["index"]) == ("assignments", 1, 0)


async def test_who_does_not_oversee_does_not_read_the_log(audit: Served) -> None:
    for role in ("mentor", "school", "parent", "trainer"):
        for path in ("checkpoint", "tile/0/000", "proof/assignments/1", "findings", "status"):
            assert (await audit.get(f"/ledger/{path}", role=role)).status_code == 403


async def test_what_was_witnessed_by_a_moment_is_found(ledger_url: str, state: Path) -> None:
    await grow(ledger_url, state, 3)
    engine = create_async_engine(ledger_url.replace("postgresql://", "postgresql+psycopg://"))
    async with engine.connect() as db:
        signed = await reading.newest(db)
        assert signed
        assert await reading.as_of(db, signed.witnessed_at) == signed
        assert await reading.as_of(db, datetime(2020, 1, 1, tzinfo=UTC)) is None
        assert await reading.index_of(db, "assignments", 3) == 2
        assert await reading.index_of(db, "assignments", 4) is None
        assert await _differences(db) == []
    await engine.dispose()


async def _differences(db: AsyncConnection) -> list[Any]:
    """Between the ledger's tables as declared and as the migrations make them."""

    def compare(connection: Any) -> list[Any]:
        names = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        return list(compare_metadata(MigrationContext.configure(connection, opts=names), metadata))

    return await db.run_sync(compare)


async def test_findings_come_in_pages(audit: Served, ledger_url: str) -> None:
    async with await PostgresConnection.connect(ledger_url, autocommit=True) as connection:
        await note(
            connection, [Noted(Finding.UNSIGNED, "sessions", position) for position in (1, 3, 5, 7, 9)]
        )
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = await audit.ask("/ledger/findings", limit=2, **cursor, **ANN)
        seen += [each["position"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(seen) == [1, 3, 5, 7, 9]
    assert (await audit.get("/ledger/findings", cursor="Wzdd", **ANN)).status_code == 422
