"""Facts become leaves, each once, in each source's order; trees are signed, witnessed and published."""

from pathlib import Path

from psycopg import AsyncConnection

from services.audit.ledger.growth import Growth
from services.audit.ledger.settings import keys as read_keys
from shared.kernel.projections.checkpoints import CHANNEL
from tests.audit.ledger.scene import (
    PRODUCERS,
    Witnessing,
    arrive,
    assert_whole,
    findings,
    keys,
    published,
    rows,
    sequencing,
    signatures,
    until,
)


async def test_what_is_there_and_what_comes_is_sequenced_once_and_published(
    ledger_url: str, state: Path, witnesses: list[Witnessing]
) -> None:
    arrive(ledger_url, "assignments", range(1, 301))
    chosen = keys(state, witnesses[0])
    async with witnesses[0].here():
        async with sequencing(ledger_url, chosen):
            await until(lambda: published(ledger_url) == 300)
            arrive(ledger_url, "sessions", range(1, 4))
            await until(lambda: published(ledger_url) == 303)
        arrive(ledger_url, "assignments", [301])
        async with sequencing(ledger_url, chosen):
            await until(lambda: published(ledger_url) == 304)
    assert chosen.policy
    leaves = assert_whole(ledger_url, chosen.policy)
    assert len(leaves) == 304
    assert all(leaf.is_signed for leaf in leaves)
    assert findings(ledger_url) == []


async def test_a_flood_of_notices_holds_nothing_up(ledger_url: str, state: Path) -> None:
    """Every listener of the service tells of each step it takes; hundreds of those arrive together."""
    arrive(ledger_url, "assignments", range(1, 4))
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: published(ledger_url) == 3)
        flood = "SELECT pg_notify(%s, n::text) FROM generate_series(1, 5000) n"
        async with await AsyncConnection.connect(ledger_url, autocommit=True) as connection:
            await connection.execute(flood, (CHANNEL,))
        arrive(ledger_url, "assignments", range(4, 7))
        await until(lambda: published(ledger_url) == 6)


async def test_the_tiles_lead_to_the_published_root(ledger_url: str, state: Path) -> None:
    arrive(ledger_url, "assignments", range(1, 600))
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: published(ledger_url) == 599)
    async with await AsyncConnection.connect(ledger_url) as connection:
        growth = await Growth.open(connection, ["assignments"])
    ((root,),) = rows(ledger_url, "SELECT root FROM ledger_checkpoints WHERE size = 599")
    assert (growth.size, growth.root().hex(), growth.heads) == (599, root, {"assignments": 599})
    assert dict(rows(ledger_url, "SELECT path, length(bytes) / 32 FROM ledger_tiles")) == {
        "tile/0/000": 256,
        "tile/0/001": 256,
        "tile/0/002": 87,
        "tile/1/000": 2,
    }


async def test_a_missing_position_holds_up_its_own_source_only_and_is_told(
    ledger_url: str, state: Path
) -> None:
    arrive(ledger_url, "assignments", [1, 2, 4, 5])
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: published(ledger_url) == 2)
        arrive(ledger_url, "sessions", [1])
        await until(lambda: published(ledger_url) == 3)
        assert findings(ledger_url) == [("SEQ GAP", "assignments", 3, 3, None)]
        arrive(ledger_url, "assignments", [3])
        await until(lambda: published(ledger_url) == 6)
    policy = keys(state).policy
    assert policy
    assert_whole(ledger_url, policy)


async def test_forged_and_unsigned_facts_are_in_the_ledger_and_told(ledger_url: str, state: Path) -> None:
    arrive(ledger_url, "assignments", [1])
    arrive(ledger_url, "assignments", [2, 3], lambda *_: ["-", "-"])
    arrive(ledger_url, "assignments", [4], lambda *_: ["rubbish"])
    arrive(ledger_url, "assignments", [5], lambda _, facts: signatures("sessions", facts))
    arrive(ledger_url, "assignments", [6], lambda source, _: [PRODUCERS[source].signature(b"something else")])
    arrive(ledger_url, "assignments", [7])
    async with sequencing(ledger_url, keys(state)):
        await until(lambda: rows(ledger_url, "SELECT checked FROM ledger_progress") == [(7,)])
    assert findings(ledger_url) == [
        ("FORGED PRODUCER SIG", "assignments", 4, 6, 3),
        ("UNSIGNED", "assignments", 2, 3, 1),
    ]
    policy = keys(state).policy
    assert policy
    assert len(assert_whole(ledger_url, policy)) == 7


async def test_of_two_sequencers_one_leads_and_the_other_takes_over(ledger_url: str, state: Path) -> None:
    chosen = keys(state)
    async with sequencing(ledger_url, chosen) as first:
        await until(lambda: first.leading)
        async with sequencing(ledger_url, chosen) as second:
            arrive(ledger_url, "assignments", [1, 2])
            await until(lambda: published(ledger_url) == 2)
            assert second.state == (True, "another process leads")
    async with sequencing(ledger_url, chosen):
        arrive(ledger_url, "assignments", [3])
        await until(lambda: published(ledger_url) == 3)


async def test_without_keys_nothing_is_signed_and_facts_are_sequenced(ledger_url: str, state: Path) -> None:
    arrive(ledger_url, "assignments", [1])
    unset = read_keys("uk-london")
    async with sequencing(ledger_url, unset) as sequencer:
        await until(lambda: rows(ledger_url, "SELECT index FROM ledger_entries") == [(0,)])
        assert sequencer.state[1].startswith("nothing is signed: not set: ALONGSIDE_LEDGER_KEY")
    assert published(ledger_url) == 0


async def test_a_lost_connection_is_made_again(ledger_url: str, state: Path) -> None:
    async with sequencing(ledger_url, keys(state)):
        arrive(ledger_url, "assignments", [1])
        await until(lambda: published(ledger_url) == 1)
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'alongside sequencer'"
        assert len(rows(ledger_url, f"{cut} AND datname = current_database()")) >= 4
        arrive(ledger_url, "assignments", [2])
        await until(lambda: published(ledger_url) == 2)
