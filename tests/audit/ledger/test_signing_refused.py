"""Whoever restores, cuts or rewrites the database gets no second signature for it."""

from pathlib import Path

import psycopg
import pytest

from services.audit.ledger.sequencer import Sequencer
from services.audit.ledger.signed import FILE, LastSigned, Memory, SigningRefused
from tests.audit.ledger.scene import Witnessing, arrive, findings, keys, published, rows, sequencing, until

CUT = "DELETE FROM ledger_entries WHERE index >= 300; DELETE FROM ledger_checkpoints WHERE size > 300"


def change(database_url: str, statements: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(statements)


async def two_trees(database_url: str, state: Path, *witnesses: Witnessing) -> None:
    """Published at 300 and at 310."""
    async with sequencing(database_url, keys(state, *witnesses)):
        arrive(database_url, "assignments", range(1, 301))
        await until(lambda: published(database_url) == 300)
        arrive(database_url, "assignments", range(301, 311))
        await until(lambda: published(database_url) == 310)


async def refused(sequencer: Sequencer, *words: str) -> None:
    await until(lambda: sequencer.refused)
    ok, detail = sequencer.state
    assert not ok
    assert all(word in detail for word in words), detail


async def test_an_older_database_is_not_signed_and_nothing_is_added_to_it(
    ledger_url: str, state: Path
) -> None:
    await two_trees(ledger_url, state)
    change(ledger_url, CUT)
    arrive(ledger_url, "sessions", [1])
    async with sequencing(ledger_url, keys(state)) as sequencer:
        await refused(sequencer, "a tree of 310 is signed", "300 entries", "backup")
    assert published(ledger_url) == 300
    assert rows(ledger_url, "SELECT count(*) FROM ledger_entries") == [(300,)]
    assert [row[0] for row in findings(ledger_url)] == ["ROLLBACK"]
    assert rows(ledger_url, "SELECT refused IS NOT NULL FROM ledger_progress") == [(True,)]


async def test_an_older_database_with_an_older_state_is_found_out_by_a_witness(
    ledger_url: str, state: Path, witnesses: list[Witnessing]
) -> None:
    one = witnesses[0]
    async with one.here():
        await two_trees(ledger_url, state, one)
        change(ledger_url, CUT)
        (state / FILE).unlink()
        async with sequencing(ledger_url, keys(state, one)) as sequencer:
            await refused(sequencer, "witness one has cosigned 310 entries", "300")
    assert not (state / FILE).exists(), "nothing was signed, not even for the witness"
    assert [row[0] for row in findings(ledger_url)] == ["ROLLBACK"]


async def test_an_empty_database_is_found_out_by_a_witness(
    ledger_url: str, state: Path, witnesses: list[Witnessing]
) -> None:
    one = witnesses[0]
    async with one.here():
        await two_trees(ledger_url, state, one)
        change(ledger_url, "TRUNCATE ledger_entries, ledger_tiles, ledger_checkpoints")
        (state / FILE).unlink()
        async with sequencing(ledger_url, keys(state, one)) as sequencer:
            await refused(sequencer, "witness one has cosigned 310 entries")
    assert rows(ledger_url, "SELECT count(*) FROM ledger_entries") == [(0,)]


async def test_rewritten_tiles_are_not_signed(ledger_url: str, state: Path) -> None:
    await two_trees(ledger_url, state)
    change(ledger_url, "UPDATE ledger_tiles SET bytes = set_byte(bytes, 3, 1 + get_byte(bytes, 3) % 255)")
    async with sequencing(ledger_url, keys(state)) as sequencer:
        await refused(sequencer, "another root than the database")
    assert [row[0] for row in findings(ledger_url)] == ["INCONSISTENT"]


async def test_a_history_rewritten_with_all_that_we_keep_is_refused_by_a_witness(
    ledger_url: str, state: Path, witnesses: list[Witnessing]
) -> None:
    """The operator begins again with other facts and the same key, and grows past what was cosigned."""
    one = witnesses[0]
    async with one.here():
        await two_trees(ledger_url, state, one)
        change(ledger_url, "TRUNCATE facts, ledger_entries, ledger_tiles, ledger_checkpoints")
        (state / FILE).unlink()
        async with sequencing(ledger_url, keys(state)):
            arrive(ledger_url, "sessions", range(1, 400))
            await until(lambda: published(ledger_url) == 399)
        async with sequencing(ledger_url, keys(state, one)) as sequencer:
            await refused(sequencer, "witness one has cosigned another history")
    assert ("INCONSISTENT", "", 0, 0, None) in findings(ledger_url)


async def test_one_writer_at_a_time_remembers(state: Path, ledger_url: str) -> None:
    memory = Memory(state).open()
    async with sequencing(ledger_url, keys(state)) as sequencer:
        await refused(sequencer, "another process signs")
        memory.close()
        arrive(ledger_url, "assignments", [1])
        await until(lambda: published(ledger_url) == 1)
        assert sequencer.refused is None


def test_a_smaller_tree_or_another_of_one_size_is_never_remembered(state: Path) -> None:
    memory = Memory(state).open()
    memory.keep(LastSigned("log", 5, "aa"))
    memory.keep(LastSigned("log", 5, "aa"))
    for size, root in ((4, "aa"), (5, "bb"), (0, "")):
        with pytest.raises(SigningRefused):
            memory.keep(LastSigned("log", size, root))
    assert memory.last() == LastSigned("log", 5, "aa")


def test_a_memory_that_can_not_be_read_refuses(state: Path) -> None:
    memory = Memory(state).open()
    (state / FILE).write_text('{"size": 3')
    with pytest.raises(SigningRefused, match="can't be read"):
        memory.last()
