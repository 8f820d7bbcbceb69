"""What is personal stands nowhere in clear; whose keys are gone is erased; a silent keyring is waited for."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from psycopg import AsyncConnection, sql
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import select

from services.assignments.main import service
from services.assignments.read_model.tables import concerns
from shared.contracts.words.privacy import RETENTION_CLASSES
from shared.kernel.projections import beside
from shared.kernel.projections.beside import Beside
from shared.kernel.projections.origin import StoreOrigin
from shared.kernel.projections.rebuilds import Rebuilds
from shared.kernel.sealing.derived import DerivedKeyring
from shared.kernel.sealing.keyring import Keyring, KeyringUnavailable
from shared.kernel.sealing.sealer import Sealer
from tests.assignments.over_http import ACCEPTANCE, FERNHOLLOW, import_schools, said
from tests.assignments.story import AT, TODAY
from tests.support.served import Served, served

CANARY, BORN = "Qanary", "2018-03-14"
WISH = {
    "school_id": FERNHOLLOW,
    "requester_kind": "school",
    "requester_name": f"{CANARY} Frost",
    "child_name": f"{CANARY} Hartley",
    "needs": f"{CANARY} stammers.",
}
SECRET = b"the keyring of tests"


@pytest.fixture
def keyring() -> DerivedKeyring:
    return DerivedKeyring(SECRET)


@pytest.fixture
async def house(database_url: str, register: bytes, keyring: DerivedKeyring) -> AsyncIterator[Served]:
    async with served(service, database_url, AT, Sealer(keyring)) as found:
        await import_schools(found, register)
        yield found


async def here(house: Served) -> str:
    """A child of whom every personal field says something; its id."""
    asked = await house.done("/support-requests", WISH, role="school")
    path, child = f"/support-requests/{asked['request_id']}", str(asked["child_id"])
    await house.done(f"{path}/triage", {"urgency": "urgent", "areas": ["social"]})
    await house.done(f"{path}/ask", {"question": f"{CANARY}'s school?", "answer_due_on": str(TODAY)})
    await house.done(f"{path}/answer", {"answer": f"{CANARY} moves."}, role="school", name=FERNHOLLOW)
    outcome = {"area": "social", "text": f"{CANARY} plays."}
    await house.done(f"{path}/take-on", {**ACCEPTANCE, "birth_date": BORN, "outcomes": [outcome]})
    profile = {"needs": ["autism"], "curriculum_level": "key_stage_1", "languages": ["bfi"]}
    await house.done(f"/children/{child}/profile", profile)
    worry = {"child_id": child, "kind": "neglect", "details": f"{CANARY} was hungry."}
    await house.done("/concerns", worry, role="mentor")
    return child


async def clear(house: Served) -> set[tuple[str, str]]:
    """The columns of the whole database in which something of the child stands in clear."""
    found: set[tuple[str, str]] = set()
    url = house.running.settings.database_url.get_secret_value()
    async with await AsyncConnection.connect(url, row_factory=dict_row) as connection:
        named = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in [row["tablename"] for row in await named.fetchall()]:
            rows = await connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
            for row in await rows.fetchall():
                found |= {(table, name) for name, value in row.items() if _tells(value)}
    return found


def _tells(value: Any) -> bool:
    text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
    return any(sign in text for sign in (CANARY, BORN, "datetime.date(2018, 3, 14)", "bfi", "neglect"))


async def test_only_columns_that_say_whose_it_is_hold_anything_in_clear(house: Served) -> None:
    await here(house)
    marked = {
        (table.name, column.name)
        for table in service.metadata.tables.values()
        for column in table.columns
        if column.info
    }
    found = await clear(house)
    assert found <= marked, found - marked
    assert {("children", "name"), ("concerns", "details"), ("support_requests", "needs")} <= found


async def test_whose_keys_are_gone_is_erased_wherever_it_is_read_anew(
    house: Served, keyring: DerivedKeyring, database_url: str
) -> None:
    child = await here(house)
    states = [(event.position, event.state) for event in await house.running.store.read(0)]
    await keyring.destroy(UUID(child), RETENTION_CLASSES)
    async with await AsyncConnection.connect(database_url) as connection:
        for table in ("children", "provisions", "child_profiles", "concerns", "support_requests"):
            await connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
        await connection.execute("UPDATE checkpoints SET position = 0")
    async with served(service, database_url, AT, Sealer(keyring)) as again:
        for listener in service.projections:
            if "assignments" in listener.sources:
                await again.take(listener, "assignments", states)
        assert await again.parked() == 0
        assert await clear(again) == set()
        shown = await again.ask(f"/children/{child}", role="dsl")
        assert (shown["name"], shown["status"]) == ("erased", "accepted")
        assert shown["profile"]["needs"] == "erased"
        assert [one["outcomes"] for one in shown["provisions"]] == ["erased"]
        more = {"child_id": child, "kind": "neglect", "details": "again"}
        refused = await again.command("/concerns", more, role="mentor")
        assert said(refused)[:2] == (409, "subject_erased")
        # What is not personal is decided as ever.
        await again.done(f"/children/{child}/exit", {"reason": "moved_away", "exited_on": str(TODAY)})


async def test_while_the_keyring_is_silent_nothing_is_guessed_recorded_or_parked(
    house: Served, keyring: DerivedKeyring, database_url: str
) -> None:
    child = await here(house)
    head = await house.running.store.head()
    keyring.silent = True
    assert house.running.sealer
    house.running.sealer.forget_all()
    body = {"child_id": child, "kind": "neglect", "details": "again"}
    refused = await house.command("/concerns", body, role="mentor", key="worry")
    assert said(refused)[:2] == (503, "keyring_unavailable")
    assert await house.running.store.head() == head
    states = [(event.position, event.state) for event in await house.running.store.read(0)]
    async with await AsyncConnection.connect(database_url) as connection:
        await connection.execute("UPDATE checkpoints SET position = 0 WHERE projection = 'concerns'")
    (followed,) = [one for one in service.projections if one.name == "concerns"]
    with pytest.raises(KeyringUnavailable):
        await house.take(followed, "assignments", states)
    assert await house.parked() == 0
    keyring.silent = False
    await house.take(followed, "assignments", states)
    assert await house.parked() == 0
    await house.done("/concerns", body, role="mentor", key="worry")


async def test_what_a_service_has_no_grant_for_reads_withheld(
    house: Served, keyring: DerivedKeyring, database_url: str
) -> None:
    child = await here(house)
    states = [(event.position, event.state) for event in await house.running.store.read(0)]
    async with await AsyncConnection.connect(database_url) as connection:
        await connection.execute("TRUNCATE children, concerns")
        await connection.execute("UPDATE checkpoints SET position = 0")
    stranger = Sealer(DerivedKeyring(SECRET, withheld=frozenset({"safeguarding"})))
    async with served(service, database_url, AT, stranger) as other:
        for listener in service.projections:
            if listener.name in ("children", "concerns"):
                await other.take(listener, "assignments", states)
        async with other.running.engine.connect() as connection:
            row = (await connection.execute(select(concerns))).mappings().one()
        assert (row["kind"], row["details"]) == ("withheld", "withheld")
        assert (await other.ask(f"/children/{child}"))["name"] == f"{CANARY} Hartley"


async def reached() -> Keyring:
    """The keyring, from a process that folds for a rebuild."""
    return DerivedKeyring(SECRET)


async def test_a_rebuild_in_processes_of_its_own_opens_what_is_sealed(
    house: Served, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await here(house)
    monkeypatch.setattr(beside, "SHORT", 0)
    pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
        database_url, min_size=1, max_size=4, open=False, kwargs={"autocommit": True}
    )
    async with pool:
        rebuilds = Rebuilds(
            pool,
            database_url,
            service.metadata,
            [one for one in service.projections if one.name == "requests"],
            lambda _: StoreOrigin(database_url),
            house.running.sealer,
            reached,
        )
        begun = []
        begin = Beside.begin

        async def counted(self: Beside, *of: Any) -> None:
            begun.append(of)
            await begin(self, *of)

        monkeypatch.setattr(Beside, "begin", counted)
        await rebuilds.rebuild("requests")
        assert len(begun) == 1, "what can't be folded is begun again, fact by fact"
        async with pool.connection() as connection:
            for schema in ("public", "standby_requests"):
                told = await connection.execute(f"SELECT child_name, needs FROM {schema}.support_requests")
                assert await told.fetchall() == [(WISH["child_name"], WISH["needs"])], schema
    assert await house.parked() == 0
