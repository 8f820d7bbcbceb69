"""Reconciliation: whatever was changed, in a store, a stream, the ledger or audit's copies, is named exactly."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from services.audit.audit_verbs import audit
from services.audit.ledger.signed import FILE
from shared.kernel.bus.connection import connect
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.envelope import SIGNATURE, stream_name, subject_of
from shared.kernel.store import Append, Store
from shared.kernel.store.store import create_tables
from tests.audit.ledger.scene import arrive, fact, findings, keys, published, sequencing, until
from tests.kernel.bus.scene import running
from tests.support.engines import NatsServer, PostgresServer

FACTS = 300
"""More than one tile."""
REGION = "t-reconciled"
TOPIC = "assignments.MentorAssigned.v1"


@dataclass(frozen=True)
class House:
    """One service with its store and stream, and audit with the ledger, as `run.json` tells of them."""

    data: Path
    nats_url: str
    urls: dict[str, str]

    def reconcile(self) -> tuple[int, list[str]]:
        """Exit code, and each finding as it is printed."""
        answer = CliRunner().invoke(audit, ["reconcile", "--data", str(self.data), "--json"])
        assert "findings" in answer.output, answer.output
        return answer.exit_code, [each["says"] for each in json.loads(answer.output)["findings"]]

    @contextmanager
    def changed(self, service: str, table: str, statement: str) -> Iterator[None]:
        """Somebody with every right in the database changes a table; put back afterwards."""
        with psycopg.connect(self.urls[service], autocommit=True) as connection:
            connection.execute(
                f"ALTER TABLE {table} DISABLE TRIGGER USER; CREATE TABLE kept AS TABLE {table}"
            )
            connection.execute(statement)
            try:
                yield
            finally:
                connection.execute(f"DELETE FROM {table}; INSERT INTO {table} TABLE kept; DROP TABLE kept")


@pytest.fixture(scope="module")
def house(
    postgres: PostgresServer, nats: NatsServer, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    data = tmp_path_factory.mktemp("data")
    with postgres.database() as store_url, postgres.database(template=migrated) as ledger_url:
        made = House(data, nats.url, {"assignments": store_url, "audit": ledger_url})
        asyncio.run(furnish(made))
        yield made


async def furnish(house: House) -> None:
    """Facts in the store, in the stream, in audit's copies and in the ledger: everything agrees."""
    for url in house.urls.values():
        create_tables(url)
    bus = await connect(house.nats_url, "test")
    for service in house.urls:
        await provision_stream(bus.jetstream(), REGION, service)
    async with await Store.open(house.urls["assignments"]) as store:
        events = [(TOPIC, fact("assignments", position)) for position in range(1, FACTS + 1)]
        await store.append(Append(uuid4(), 0, events))
        relay = Relay(store, bus, REGION, "assignments")
        async with running(relay.run()):
            await until(lambda: relay.state.position == FACTS)
    await bus.close()
    arrive(house.urls["audit"], "assignments", range(1, FACTS + 1))
    chosen = keys(house.data / "ledger")
    async with sequencing(house.urls["audit"], chosen):
        await until(lambda: published(house.urls["audit"]) == FACTS)
    assert chosen.policy
    (house.data / "ledger" / "policy.txt").write_text(chosen.policy.text)
    services = {service: {"database_url": url} for service, url in house.urls.items()}
    told = {"region": REGION, "nats_url": house.nats_url, "services": services}
    (house.data / "run.json").write_text(json.dumps(told))


def test_where_everything_agrees_nothing_is_found(house: House) -> None:
    assert house.reconcile() == (0, [])


CHANGES = {
    "a payload in a store": (
        "assignments", "stored_events", "UPDATE stored_events SET state = 'other' WHERE notification_id = 17",
        10, ["BLOB EDITED @assignments/17 (index 16): in the store"],
    ),
    "a fact gone from a store": (
        "assignments", "stored_events", "DELETE FROM stored_events WHERE notification_id = 299",
        12, ["ENTRY COUNT @assignments/299 (index 298): in the ledger, and not in the store"],
    ),
    "the end of a store": (
        "assignments", "stored_events", "DELETE FROM stored_events WHERE notification_id > 290",
        12, ["ENTRY COUNT @assignments/291-300 (index 290): in the ledger, and not in the store"],
    ),
    "audit's copy, and not its digest": (
        "audit", "facts", "UPDATE facts SET body = 'other' WHERE position = 3",
        10, ["BLOB EDITED @assignments/3 (index 2): in audit's copies"],
    ),
    "audit's copy with its digest": (
        "audit", "facts", "UPDATE facts SET body = 'x', sha256 = encode(sha256('x'), 'hex') WHERE position = 3",
        16, ["EQUIVOCATION @assignments/3 (index 2): in audit's copies"],
    ),
    "audit's copy gone": (
        "audit", "facts", "DELETE FROM facts WHERE position = 3",
        22, ["MISSING BLOB @assignments/3 (index 2): in audit's copies"],
    ),
    "a leaf, backdated": (
        "audit", "ledger_entries",
        "UPDATE ledger_entries SET leaf = regexp_replace(convert_from(leaf, 'UTF8'), "
        "E'\\n2[0-9]{3}-', E'\\n1999-')::bytea WHERE index = 260",
        11, [
            "ROOT MISMATCH: the tree of 300 has another root than was published",
            "ROOT MISMATCH @assignments/261 (index 260): entry 260 is not what the tile has",
        ],
    ),
    "a leaf gone": (
        "audit", "ledger_entries", "DELETE FROM ledger_entries WHERE index = 40",
        12, ["ENTRY COUNT: no entry has index 40; the next one is 41"],
    ),
    "the end of the ledger": (
        "audit", "ledger_entries", "DELETE FROM ledger_entries WHERE index >= 290",
        12, [
            "ENTRY COUNT: a tree of 300 is published, and there are 290 entries",
            "ROLLBACK: a tree of 300 was signed, and there are 290 entries",
            "SEQ GAP @assignments/291-300: in its store, and not in the ledger",
        ],
    ),
    "the root that was published": (
        "audit", "ledger_checkpoints", "UPDATE ledger_checkpoints SET root = repeat('a', 64) WHERE size = 300",
        11, [
            "ROOT MISMATCH: the checkpoint of 300 is signed for another tree",
            "ROOT MISMATCH: the tree of 300 has another root than was published",
        ],
    ),
    "the checkpoint's signature": (
        "audit", "ledger_checkpoints", "UPDATE ledger_checkpoints SET note = overlay(note placing '9' from 19)",
        11, ["ROOT MISMATCH: the checkpoint of 300 is not signed: the signature of uk-london/ledger is false"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_named_exactly(house: House, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.audit.ledger.reconcile_verb.PATIENCE_SECONDS", 0.1)
    service, table, statement, code, says = CHANGES[what]
    with house.changed(service, table, statement):
        found = house.reconcile()
    assert found == (code, says)
    kept = {row[0] for row in findings(house.urls["audit"])}
    assert {each.partition(" @")[0].partition(":")[0] for each in says} <= kept, "kept for who asks later"


def test_a_stream_that_lacks_or_doubles_facts_is_found_out(house: House) -> None:
    async def tamper() -> None:
        bus = await connect(house.nats_url, "forger")
        js = bus.jetstream()
        for position, state in ((5, fact("assignments", 5)), (6, b"another fact")):
            headers = {"Alongside-Position": str(position), SIGNATURE: "forged"}
            await js.publish(subject_of(REGION, TOPIC, 1), state, headers=headers)
        await bus.close()

    async def remove() -> None:
        bus = await connect(house.nats_url, "forger")
        await bus.jetstream().delete_stream(stream_name(REGION, "assignments"))
        await bus.close()

    asyncio.run(tamper())
    assert house.reconcile() == (
        16,
        ["EQUIVOCATION @assignments/6 (index 5): message 302 of the stream is another fact"],
    )
    asyncio.run(remove())
    assert house.reconcile() == (17, ["SEQ GAP @assignments/1-300 (index 0): the stream is not there"])


def test_where_no_audit_runs_that_is_said(tmp_path: Path) -> None:
    answer = CliRunner().invoke(audit, ["reconcile", "--data", str(tmp_path), "--json"])
    assert answer.exit_code == 4
    assert "nothing runs" in answer.output
    assert not (tmp_path / FILE).exists()
