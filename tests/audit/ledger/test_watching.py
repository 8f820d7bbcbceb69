"""The light checks that never end: audit's copies, and where stores and the ledger end."""

from pathlib import Path

import psycopg
import pytest
from psycopg import AsyncConnection

from services.audit.ledger import watching
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.noting import Noted, joined, note
from services.audit.ledger.watching import Heads
from tests.audit.ledger.scene import arrive, findings, keys, published, sequencing, until


async def test_an_edited_copy_is_found_without_being_asked(
    ledger_url: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SECONDS", 0.05)
    monkeypatch.setattr(watching, "WINDOW", 2)
    arrive(ledger_url, "assignments", range(1, 8))
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: published(ledger_url) == 7)
        with psycopg.connect(ledger_url, autocommit=True) as dba:
            dba.execute("UPDATE facts SET body = 'other' WHERE position = 6")
        await until(lambda: findings(ledger_url))
    assert findings(ledger_url) == [("BLOB EDITED", "assignments", 6, 6, 5)]


async def test_an_entry_taken_away_under_the_sequencer_is_missed(
    ledger_url: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SECONDS", 0.05)
    arrive(ledger_url, "assignments", range(1, 8))
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: published(ledger_url) == 7)
        with psycopg.connect(ledger_url, autocommit=True) as dba:
            dba.execute("DELETE FROM ledger_entries WHERE index = 6")
        await until(lambda: findings(ledger_url))
    assert findings(ledger_url) == [("ENTRY COUNT", "", 0, 0, None)]


def test_a_store_that_goes_on_while_the_ledger_stands_still_is_told_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("services.audit.ledger.watching.time.monotonic", lambda: now[0])
    heads = Heads()
    assert heads.look({"sessions": 9}, {"sessions": 5}) == []
    now[0] += 20
    assert heads.look({"sessions": 12}, {"sessions": 6}) == [], "it moves"
    now[0] += 31
    (gap,) = heads.look({"sessions": 15}, {"sessions": 6})
    assert (gap.finding, gap.source, gap.position, gap.until) == (Finding.SEQ_GAP, "sessions", 7, 15)


def test_facts_that_came_after_a_long_rest_are_not_missing_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("services.audit.ledger.watching.time.monotonic", lambda: now[0])
    heads = Heads()
    assert heads.look({"sessions": 5}, {"sessions": 5}) == []
    now[0] += 31
    assert heads.look({"sessions": 9}, {"sessions": 5}) == [], "they may be a second old"
    now[0] += 31
    assert heads.look({"sessions": 9}, {"sessions": 9}) == []
    assert heads.look({"sessions": 9}, {"sessions": 5}) == [], "and it begins anew"


def test_a_store_that_ends_before_the_ledger_was_cut() -> None:
    (cut,) = Heads().look({"sessions": 5}, {"sessions": 8})
    assert (cut.finding, cut.position, cut.until) == (Finding.ENTRY_COUNT, 6, 8)


async def test_neighbours_become_one_finding_that_grows_and_stays(ledger_url: str) -> None:
    def unsigned(position: int) -> Noted:
        return Noted(Finding.UNSIGNED, "sessions", position, index=position)

    assert [str(each) for each in joined([unsigned(3), unsigned(2), unsigned(5)])] == [
        "UNSIGNED @sessions/2-3 (index 2)",
        "UNSIGNED @sessions/5 (index 5)",
    ]
    async with await AsyncConnection.connect(ledger_url, autocommit=True) as connection:
        for positions in ((1, 2), (3, 4), (3,), (9,)):
            await note(connection, map(unsigned, positions))
        for detail in ("one tree", "another tree", "one tree"):
            await note(connection, [Noted(Finding.ROOT_MISMATCH, detail=detail)])
    assert findings(ledger_url) == [
        ("ROOT MISMATCH", "", 0, 0, None),
        ("ROOT MISMATCH", "", 0, 0, None),
        ("UNSIGNED", "sessions", 1, 4, 1),
        ("UNSIGNED", "sessions", 9, 9, 9),
    ]


async def test_heads_of_stores_are_asked_after_the_ledgers_end_is_known(
    ledger_url: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger that grows while stores are asked is not ahead of them."""
    monkeypatch.setattr(watching, "SECONDS", 0.05)
    monkeypatch.setattr(watching, "HEADS_SECONDS", 0.0)
    asked: list[int] = []

    async def heads(*_: object) -> dict[str, int]:
        await until(lambda: published(ledger_url) > 0)
        head = published(ledger_url)
        if not asked:
            arrive(ledger_url, "assignments", range(head + 1, head + 4))
            await until(lambda: published(ledger_url) > head)
        asked.append(head)
        return {"assignments": head}

    monkeypatch.setattr(watching, "_heads", heads)
    arrive(ledger_url, "assignments", [1])
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: len(asked) > 2)
    assert findings(ledger_url) == []
