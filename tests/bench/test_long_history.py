"""The history that is made up for measuring is one that audit understands."""

from datetime import timedelta

import psycopg
from sqlalchemy.ext.asyncio import create_async_engine

from bench.long_history import begin
from bench.long_history_facts import BEGAN, made_up
from services.audit.main import service
from services.audit.replay.work import work
from shared.kernel.migrations import migrate


async def test_every_child_of_it_has_its_mentor_and_its_session(database_url: str) -> None:
    migrate(database_url, service.migrations)
    with psycopg.connect(database_url, autocommit=True) as connection:
        made = made_up(connection, 1000)
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    async with engine.connect() as db:
        replay_id = await begin(db, BEGAN + timedelta(days=made["days"]))
    await engine.dispose()
    assert await work(database_url, replay_id) == "done"
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT convert_from(result, 'UTF8')::jsonb #> '{state,counts}' FROM replays"
        ).fetchone()
    assert row is not None
    assert row[0]["mentors"] == {"engaged": made["children"], "deployable": made["children"]}
    assert row[0]["sessions"] == {"all": made["children"], "logged": made["children"]}
