"""Nothing is left of whoever is forgotten: in no table, file, stream, letter, log, answer or export."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from typer.testing import CliRunner

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.journey import SHIPPED
from deploy.embedded import System
from services.audit.bundle.verify import verify
from services.audit.records.verbs import erasure
from shared.contracts.assignments.child import ProvisionReviewed
from shared.contracts.fact import contract_of
from shared.contracts.words.privacy import Unreadable
from shared.kernel.envelope import Origin, encode
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.postgres import PostgresKeyring
from shared.kernel.store import Append, Store
from tests.records import canary, searching
from tests.records.canary import WORDS, Played
from tests.support.engines import engine_folder
from tests.support.waiting import eventually

EVERY = [word for words in WORDS.values() for word in words]
KEEPERS = ("assignments", "sessions", "training", "notifications", "audit")


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Everything but the console, which keeps nothing."""
    with engine_folder() as folder, System(folder, only=KEEPERS) as made:
        yield made


@pytest.fixture
async def house(system: System) -> AsyncIterator[House]:
    async with canary.house_of(system) as house:
        yield house


async def found(system: System, words: Collection[str]) -> dict[str, set[str]]:
    """Word -> every place where it is."""
    places: dict[str, set[str]] = {}
    for some in (
        searching.in_databases(system.foundation.postgres_url, words),
        searching.in_files(system.data, words),
        await searching.in_streams(system, words),
    ):
        for word, where in some.items():
            places.setdefault(word, set()).update(where)
    return places


def of(*classes: str) -> list[str]:
    return [word for keep in classes for word in WORDS[keep]]


async def test_nothing_is_left_of_whoever_is_forgotten(system: System, house: House) -> None:
    played = await canary.play(house, SHIPPED)
    shown = await canary.look_around(house, played) + await canary.given_out(house, played)
    before = await found(system, EVERY)
    assert [word for word in EVERY if word not in before and word not in shown] == [], "the search is blind"
    assert {"Zephyrine", "wobblegrass", "bruxelform", "Ottoline", "Barnabus"} <= before.keys()
    assert any(place.startswith("mail/") for place in before["Ottoline"]), "she was written to"
    assert not [
        place for places in before.values() for place in places if "EV_" in place or "stored" in place
    ]
    key = await data_key(system, played)

    child = await canary.forget(house, {"child_id": played.child})
    mentor = await canary.forget(house, {"mentor_id": played.mentor})
    assert {one["service"] for one in child["acknowledged"]} == set(KEEPERS)
    assert sum(one["rows"] for one in child["acknowledged"]) >= 5
    await late_fact(system, house, played, key)
    assert await found(system, of("profile", "casework", "contact")) == {}
    kept = await found(system, of("safeguarding", "employment"))
    assert {"bruxelform", "Barnabus"} <= kept.keys(), "what must be kept is kept"
    assert not [place for place in kept["Barnabus"] if place.startswith("mail/")]

    await canary.years_pass(house)
    auditor = house.somebody("auditor", "ines")
    page = await auditor.until(
        "audit/records/certificates", lambda page: len(page["items"]) == 6, "the rest goes by itself"
    )
    assert (
        sorted(kept for one in page["items"] for kept in one["certificate"]["classes"]).count("profile") == 2
    )
    assert await found(system, EVERY) == {}
    shown = await canary.look_around(house, played) + await canary.given_out(house, played)
    assert [word for word in EVERY if word in shown] == []
    assert Unreadable.ERASED.value in shown
    assert str(played.child) not in str(page["items"])
    await states_are_told_apart(system, house, played)
    await everything_is_still_proved(house)
    assert mentor["receipt"] != child["receipt"]
    await answers_under_old_keys(house, played)


async def data_key(system: System, played: Played) -> bytes:
    """Somebody keeps a key in memory who should not."""
    keyring = PostgresKeyring(system.keyring_url("assignments"), system.epoch_keys)
    ref = KeyRef(UUID(played.child), "casework")
    key = (await keyring.keys([ref]))[ref]
    await keyring.close()
    assert isinstance(key, bytes)
    return key


async def late_fact(system: System, house: House, played: Played, key: bytes) -> None:
    """A fact sealed with a key that is gone, recorded after the order: parked, and nothing of it is shown."""
    child = UUID(played.child)
    at = await clocks.now(house) + timedelta(seconds=1)
    fact = ProvisionReviewed(
        child_id=child,
        reviewed_on=at.date(),
        decision="end",
        summary="plimsollery",
        next_review_on=None,
    )
    origin = Origin(system.region, "assignments", "coordinator:late", at, "late", "late")
    async with await Store.open(system.database_url("assignments")) as store:
        version = (await store.load(child))[-1].version
        state = encode(fact, origin, child, version + 1, keys={KeyRef(child, "casework"): key})
        await store.append(Append(child, version, [(contract_of(fact).topic, state)]))

    def parked() -> bool:
        with psycopg.connect(system.database_url("assignments")) as connection:
            reasons = {row[0] for row in connection.execute("SELECT error FROM parked")}
        return any(reason.startswith("erased: ") for reason in reasons)

    await asyncio.to_thread(eventually, parked)


async def states_are_told_apart(system: System, house: House, played: Played) -> None:
    """Erased, withheld, missing and unavailable are four things."""
    ruth, auditor = house.somebody("coordinator", "ruth"), house.somebody("auditor", "ines")
    assert (await ruth.ask(f"assignments/children/{played.child}"))["name"] == Unreadable.ERASED.value
    assert (await ruth.ask(f"assignments/children/{played.other}"))["name"] == canary.OTHER
    assert (await auditor.ask(f"assignments/children/{played.other}"))["name"] == Unreadable.WITHHELD.value
    assert (await ruth.get(f"assignments/children/{UUID(int=5)}")).status == 404
    with psycopg.connect(system.foundation.postgres_url, autocommit=True) as admin:
        admin.execute("ALTER DATABASE alongside_keyring ALLOW_CONNECTIONS false")
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'alongside_keyring'"
        )
        try:
            told = str(await ruth.ask(f"audit/timelines/children/{played.other}"))
        finally:
            admin.execute("ALTER DATABASE alongside_keyring ALLOW_CONNECTIONS true")
    assert Unreadable.UNAVAILABLE.value in told


async def everything_is_still_proved(house: House) -> None:
    """Every fact is in the ledger, and so is every certificate, whatever can still be read of them."""
    auditor = house.somebody("auditor", "ines")
    heads = {service: await house.head(service) for service in KEEPERS}
    await auditor.until(
        "audit/ledger/status",
        lambda one: (
            all(heads[each["source"]] <= each["sequenced"] for each in one["sources"])
            and one["published"] is not None
            and one["published"]["size"] >= sum(heads.values())
        ),
        "all is in the published tree",
    )
    bundle = await auditor.get("audit/bundles/region")
    report = verify(BytesIO(bundle.body))
    assert (report.found, report.exit_code) == ([], 0)
    assert report.certificates == 6
    assert report.facts >= sum(heads.values())


async def answers_under_old_keys(house: House, played: Played) -> None:
    """A command that is sent again gets its old answer, which names nobody."""
    key, body = played.sent
    again = await house.somebody("coordinator", "ruth").do("assignments/support-requests", body, key=key)
    assert again.body["child_id"] == played.child
    assert [word for word in EVERY if word in str(again.body)] == []


async def test_a_keyring_from_before_an_erasure_stops_every_start_until_it_is_mended(
    system: System, house: House
) -> None:
    page = await house.somebody("auditor", "ines").ask("audit/records/erasures")
    if not page["items"]:
        pytest.skip("nobody was forgotten")
    with psycopg.connect(system.keyring_url(), autocommit=True) as keyring:
        gone = keyring.execute("DELETE FROM tombstones RETURNING 1").fetchall()
    system.restart("training")
    log = system.data / "logs" / "training.log"
    assert eventually(lambda: "the keyring is older than the list of erasures" in log.read_text(), 30)
    replay = ["replay", "--data", str(system.data), "--json"]
    ran = await asyncio.to_thread(CliRunner().invoke, erasure, replay)
    assert ran.exit_code == 0, ran.output
    with psycopg.connect(system.keyring_url()) as keyring:
        row = keyring.execute("SELECT count(*) FROM tombstones").fetchone()
    assert row == (len(gone),)
    system.wait_ready("training", seconds=60)


async def test_a_read_model_from_before_an_erasure_is_blotted_out_before_it_is_served(
    system: System, house: House
) -> None:
    system.stop_one("notifications")
    with psycopg.connect(system.database_url("notifications"), autocommit=True) as database:
        if not database.execute("DELETE FROM erased_subjects RETURNING 1").fetchall():
            pytest.skip("nobody was forgotten")
        database.execute("DELETE FROM forgotten")
        database.execute("UPDATE children SET name = 'Zephyrine' WHERE name = 'erased'")
    assert "Zephyrine" in await found(system, ["Zephyrine"])
    system.start_one("notifications")
    system.wait_ready("notifications", seconds=60)
    assert await found(system, ["Zephyrine"]) == {}


async def test_the_verbs_ask_decide_hold_and_tell(system: System, house: House) -> None:
    system.wait_ready("audit")

    def run(*words: str, code: int = 0) -> Any:
        told = CliRunner().invoke(erasure, [*words, "--data", str(system.data), "--json"])
        assert told.exit_code == code, told.output
        return json.loads(told.output) if code == 0 else told.output

    def verbs() -> None:
        person = str(uuid4())
        asked = run("request", "--recipient", person, "--ground", "objection", "--class", "contact")
        decided = run("decide", asked["erasure_id"], "--as", "compliance:omar")
        assert (decided["stage"], decided["refused"]) == ("refused", "everything_is_kept")
        assert "approved or refused" in run("approve", asked["erasure_id"], "--as", "manager:dawn", code=1)
        hold = run("hold", "--recipient", person, "--reason", "complaint")
        assert run("lift", hold["hold_id"], "--as", "dsl:imani")
        assert [one["lifted_by"] for one in run("holds")["items"]] == ["dsl:imani"]
        assert asked["erasure_id"] in {one["erasure_id"] for one in run("list")["items"]}
        run("certificate", "--person", person, "--receipt", asked["receipt"], code=1)

    await asyncio.to_thread(verbs)
