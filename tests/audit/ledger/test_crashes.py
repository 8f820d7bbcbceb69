"""Killed at any point between a fact and its published tree: nothing lost or doubled, one tree for each size."""

import json
import signal
from pathlib import Path

import pytest

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.note import parse_note
from services.audit.ledger.signed import FILE
from tests.audit.ledger import sequencer_process
from tests.audit.ledger.scene import (
    Witnessing,
    arrive,
    assert_whole,
    keys,
    published,
    rows,
    sequencing,
    until,
)

POINTS = (
    "before_entries", "after_entries", "after_tiles", "after_commit", "before_sign", "after_sign",
    "after_witness", "after_publish",
)  # fmt: skip


async def die(database_url: str, state: Path, policy: str, fault: str) -> None:
    process = sequencer_process.start(database_url, state, policy, fault)
    try:
        await until(lambda: process.exitcode is not None, 20)
    finally:
        process.kill()
    assert process.exitcode == -signal.SIGKILL


async def test_killed_at_each_named_point_in_turn_it_goes_on_where_it_was(
    ledger_url: str, state: Path, witnesses: list[Witnessing]
) -> None:
    one = witnesses[0]
    chosen = keys(state, one)
    assert chosen.policy
    signed: dict[int, str] = {}
    async with one.here():
        for number, point in enumerate(POINTS):
            arrive(ledger_url, "assignments", range(100 * number + 1, 100 * number + 101))
            arrive(ledger_url, "sessions", [number + 1])
            await die(ledger_url, state, chosen.policy.text, f"ledger.{point}:1")
            for size, root in (*remembered(state), *cosigned(one)):
                assert signed.setdefault(size, root) == root, "two trees of one size"
        total = 101 * len(POINTS)
        async with sequencing(ledger_url, chosen):
            await until(lambda: published(ledger_url) == total)
    leaves = assert_whole(ledger_url, chosen.policy)
    assert len(leaves) == total
    for size, root in rows(ledger_url, "SELECT size, root FROM ledger_checkpoints"):
        assert signed.setdefault(size, root) == root


def remembered(state: Path) -> list[tuple[int, str]]:
    file = state / FILE
    if not file.exists():
        return []
    last = json.loads(file.read_text())
    return [(last["size"], last["root"])]


def cosigned(witness: Witnessing) -> list[tuple[int, str]]:
    """What the witness keeps of this log."""
    files = (witness.directory / witness.name).glob("*.checkpoint")
    kept = [Checkpoint.parse(parse_note(file.read_bytes()).text) for file in files]
    return [(each.size, each.root.hex()) for each in kept]


@pytest.mark.parametrize("point", ["after_commit", "after_sign"])
async def test_killed_while_a_backlog_is_taken_in_nothing_is_lost(
    ledger_url: str, state: Path, point: str
) -> None:
    arrive(ledger_url, "assignments", range(1, 3000))
    chosen = keys(state)
    assert chosen.policy
    await die(
        ledger_url, state, chosen.policy.text, f"ledger.{point}:{'2' if point == 'after_commit' else '1'}"
    )
    async with sequencing(ledger_url, chosen):
        await until(lambda: published(ledger_url) == 2999)
    assert_whole(ledger_url, chosen.policy)
