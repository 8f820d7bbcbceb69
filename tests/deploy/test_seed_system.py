"""A system is seeded: the stores are whole, read models and ledger have everything, and nothing is done again."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.embedded import System
from deploy.seed.agency import Agency
from deploy.seed.place import MAKER, STORES, Place
from deploy.seed.scales import SCALES
from deploy.seed.sowing import SeededBefore, already
from deploy.seed.verb import seed as verb
from deploy.seed.verb import seeded as sow
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.fact import Fact, contract_of
from shared.contracts.notifications.escalation import ReminderDue
from shared.contracts.notifications.notification import NotificationRequested, NotificationSent
from shared.contracts.words.privacy import Unreadable
from shared.kernel.cli import DONE, REFUSED, as_app
from shared.kernel.envelope import Origin, encode, fact_in, read
from shared.kernel.sealing.batches import refs_in
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.reaching import KeyringAt
from tests.deploy import seeded
from tests.support.engines import engine_folder
from tests.support.waiting import eventually

SEED = 7


@dataclass(frozen=True)
class Sown:
    """A system with the small agency up to today, and what the verb said of it."""

    place: Place
    agency: Agency
    document: dict[str, Any]

    def count(self, service: str) -> int:
        return int(self.document["services"][service]["facts"])


@pytest.fixture(scope="module")
def sown() -> Iterator[Sown]:
    with engine_folder() as data, System(data) as system:
        databases = {name: system.database_url(name) for name in system.names if name != "console"}
        place = Place(
            system.region,
            system.urls,
            databases,
            Path(data),
            KeyringAt(system.keyring_url(MAKER), system.epoch_keys),
        )
        agency = Agency(SCALES["small"], SEED, system.region, datetime.now(UTC).date())
        yield Sown(place, agency, sow(place, agency, 2, False, Console(quiet=True)))


def test_read_models_have_everything_and_nothing_is_parked(sown: Sown) -> None:
    assert sown.document["caught_up"]["parked"] == 0
    for service in sown.place.databases:
        status = eventually(lambda url=sown.place.urls[service]: _ready(url))  # type: ignore[misc]
        assert all(one["parked"] == 0 for one in status["projections"])


def _ready(url: str) -> Any:
    status = httpx.get(f"{url}/status", timeout=5).json()
    return status if status["ready"] and status["relay"]["lag_facts"] == 0 else None


def test_the_stores_hold_what_the_seed_gives_and_the_claims_of_its_deciders(sown: Sown) -> None:
    told = seeded.told(sown.agency)
    for service in STORES:
        states, claims = seeded.stored(sown.place.databases[service])
        assert states[: sown.count(service)] == told[service], service
        assert claims == seeded.claimed(service, seeded.streams(states, sown.agency)), service


def test_positions_are_dense_and_in_the_order_of_time(sown: Sown) -> None:
    for service in STORES:
        with psycopg.connect(sown.place.databases[service]) as connection:
            query = "SELECT notification_id, topic, state FROM stored_events WHERE notification_id <= %s ORDER BY 1"
            rows = connection.execute(query, (sown.count(service),)).fetchall()
        found = [read(state) for _, _, state in rows]
        assert [position for position, _, _ in rows] == list(range(1, len(rows) + 1))
        assert [one.type for one in found] == [topic for _, topic, _ in rows]
        times = [one.time for one in found]
        assert times == sorted(times)
        assert times[-1] < sown.agency.ends_at + timedelta(seconds=1)


def test_the_bytes_are_what_encoding_the_fact_gives(sown: Sown) -> None:
    states, _ = seeded.stored(sown.place.databases["assignments"])
    for state in states[::3]:
        found = read(state)
        origin = Origin(
            found.region, found.service, found.actor, found.time, found.correlationid, found.causationid
        )
        keys = seeded.keys_in(state, sown.agency)
        fact = fact_in(state, keys)
        again = encode(
            fact, origin, found.stream, found.streamversion, id_=found.id, salt=found.salt, keys=keys
        )
        assert again == state


def test_what_was_done_long_ago_is_not_done_again(sown: Sown) -> None:
    """Nobody is told again, and what fell due in the agency's past finds that it was done."""
    for service in STORES:
        with psycopg.connect(sown.place.databases[service], autocommit=True) as connection:
            query = "SELECT count(*) FROM due WHERE fired_for IS DISTINCT FROM due_at AND due_at <= now()"
            eventually(lambda query=query, at=connection: at.execute(query).fetchone() == (0,))  # type: ignore[misc]
        states, _ = seeded.stored(sown.place.databases[service])
        before, later = states[: sown.count(service)], states[sown.count(service) :]
        of_use = _still_of_use(later, sown.agency.ends_at)
        late = [state for state in later if _fell_due(state) < sown.agency.ends_at]
        assert not [state for state in late if read(state).correlationid not in of_use], late
        told = {
            fact.notification_id for fact in _facts(before, sown) if isinstance(fact, NotificationRequested)
        }
        assert not [
            f for f in _facts(later, sown) if isinstance(f, NotificationSent) and f.notification_id in told
        ]


def _still_of_use(states: list[bytes], ends_at: datetime) -> set[str]:
    """Threads of reminders that come late and not too late: before noon, of a log of the day before the seeding."""
    found = [read(state) for state in states]
    reminders = [one for one in found if one.type == contract_of(ReminderDue).topic]
    useful = {one.correlationid: orjson.loads(bytes(one.data))["useful_until"] for one in reminders}
    return {thread for thread, until in useful.items() if datetime.fromisoformat(until) > ends_at}


def _facts(states: list[bytes], sown: Sown) -> list[Fact]:
    return [fact_in(state, seeded.keys_in(state, sown.agency)) for state in states]


def test_the_keyring_has_the_keys_and_no_store_a_name(sown: Sown) -> None:
    states, _ = seeded.stored(sown.place.databases["assignments"])
    refs = {ref for state in states for ref in refs_in(state)}
    assert sown.document["keys"] >= len(refs) > 50

    async def keys() -> Mapping[KeyRef, bytes | Unreadable]:
        keyring = await sown.place.keyring()
        try:
            return await keyring.keys(refs)
        finally:
            await keyring.close()

    assert asyncio.run(keys()) == {ref: sown.agency.key(ref) for ref in refs}
    names = {fact.name for fact in _facts(states, sown) if isinstance(fact, ChildAccepted)}
    assert names
    assert not [name for name in names if any(name.encode() in state for state in states)]


_DUE = re.compile(r"^due:.*:(\d{4}-\d\d-\d\dT.*)$")


def _fell_due(state: bytes) -> datetime:
    """When the due time fell due that led to a fact; when it was recorded, if none did."""
    found = read(state)
    due = _DUE.match(found.correlationid)
    return datetime.fromisoformat(due[1]) if due else found.time


def test_the_ledger_holds_every_byte(sown: Sown) -> None:
    with psycopg.connect(sown.place.databases["audit"]) as audit:
        ledger = audit.execute("SELECT source, position, sha256 FROM facts").fetchall()
    kept = {(source, position): digest for source, position, digest in ledger}
    for service in STORES:
        states, _ = seeded.stored(sown.place.databases[service])
        for position, state in enumerate(states[: sown.count(service)], start=1):
            assert kept[service, position] == sha256(state).hexdigest()


def test_seeding_twice_does_nothing_and_says_so(sown: Sown) -> None:
    with pytest.raises(SeededBefore, match="small, seed 7"):
        already(sown.place, sown.agency)
    said = CliRunner().invoke(as_app("seed", verb), ["--data", str(sown.place.data), "--seed", "7", "--json"])
    assert said.exit_code == DONE
    assert '"there_already": true' in said.output


def test_a_system_with_other_facts_is_left_as_it_is(sown: Sown) -> None:
    said = CliRunner().invoke(as_app("seed", verb), ["--data", str(sown.place.data), "--seed", "9", "--json"])
    assert said.exit_code == REFUSED
    assert "--force" in said.output
