"""Witnesses are other people's machines: one that is away stops nothing but the publishing, and that is told."""

from pathlib import Path

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

UNPUBLISHED = "SELECT unpublished_since IS NOT NULL, why FROM ledger_progress"


async def test_facts_are_sequenced_while_no_witness_answers_and_published_when_one_does(
    ledger_url: str, state: Path, witnesses: list[Witnessing]
) -> None:
    chosen = keys(state, witnesses[0])
    async with sequencing(ledger_url, chosen) as sequencer:
        arrive(ledger_url, "assignments", range(1, 10))
        await until(lambda: rows(ledger_url, UNPUBLISHED)[0][0])
        assert "too few" in rows(ledger_url, UNPUBLISHED)[0][1]
        ok, detail = sequencer.state
        assert ok
        assert "size 9 is not published" in detail
        arrive(ledger_url, "assignments", range(10, 20))
        await until(lambda: rows(ledger_url, "SELECT count(*) FROM ledger_entries") == [(19,)])
        assert published(ledger_url) == 0
        async with witnesses[0].here():
            await until(lambda: published(ledger_url) == 19)
        assert rows(ledger_url, UNPUBLISHED) == [(False, None)]
    assert chosen.policy
    assert_whole(ledger_url, chosen.policy)


async def test_two_of_three_are_enough_and_the_third_catches_up(
    ledger_url: str, state: Path, witnesses: list[Witnessing]
) -> None:
    one, two, three = witnesses
    chosen = keys(state, *witnesses, needed=2)
    assert chosen.policy
    async with one.here(), sequencing(ledger_url, chosen):
        async with two.here():
            arrive(ledger_url, "assignments", range(1, 5))
            await until(lambda: published(ledger_url) == 4)
        async with three.here():
            arrive(ledger_url, "assignments", range(5, 9))
            await until(lambda: published(ledger_url) == 8)
            async with two.here():
                arrive(ledger_url, "assignments", range(9, 12))
                await until(lambda: published(ledger_url) == 11)
    notes = rows(ledger_url, "SELECT note FROM ledger_checkpoints ORDER BY size")
    cosigners = [set(chosen.policy.satisfied_by(bytes(note)).cosigners) for (note,) in notes]
    assert cosigners[:2] == [{"one", "two"}, {"one", "three"}]
    assert len(cosigners[2]) >= 2
    assert_whole(ledger_url, chosen.policy)
