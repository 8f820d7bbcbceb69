"""Whoever is shown a record is on record themselves."""

from uuid import uuid4

from fastapi import FastAPI

from shared.kernel.envelope import fact_in
from shared.kernel.store import Store
from tests.kernel.http.conftest import Client
from tests.kernel.http.kettle import OWNER, KettleSeen


async def _views(app: FastAPI) -> list[KettleSeen]:
    facts = [fact_in(event.state) for event in await app.state.running.store.read(0)]
    return [fact for fact in facts if isinstance(fact, KettleSeen)]


async def test_every_view_is_recorded_with_who_looked_at_what(client: Client, app: FastAPI) -> None:
    kettle_id = uuid4()
    for _ in range(2):
        assert (await client.get(f"/kettles/{kettle_id}")).status_code == 200
    views = await _views(app)
    assert [(view.kettle_id, view.owner_id, view.viewer, view.viewer_role) for view in views] == [
        (kettle_id, OWNER, "amira", "coordinator")
    ] * 2
    assert views[0].record == "/kettles/kettles/{kettle_id}"


async def test_what_was_not_shown_is_not_recorded_as_shown(client: Client, app: FastAPI) -> None:
    nobody = {"Authorization": "Bearer dev:mentor:uk-london:m"}
    assert (await client.get(f"/kettles/{uuid4()}", headers=nobody)).status_code == 403
    assert (await client.get("/kettles/not-an-id")).status_code == 422
    assert (await client.get("/status")).status_code == 200
    assert await _views(app) == []


async def test_nobody_is_shown_what_cannot_be_put_on_record(
    client: Client, app: FastAPI, database_url: str
) -> None:
    deaf = await Store.open(database_url, patience=0.3)
    await deaf.close()
    app.state.running.store = deaf
    answer = await client.get(f"/kettles/{uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert "facts" not in answer.json()
