"""The deliverer of webhooks working off what waits: signed, sent, and each attempt in the log."""

import time
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import psycopg
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

import shared.contracts.all  # noqa: F401
from bench.child import Go, Job, Sample
from bench.receiver import receiver
from services.notifications.main import service
from services.notifications.webhooks.delivering import Deliverer
from services.notifications.webhooks.settings import WebhookSettings
from shared.contracts.fact import contract_of
from shared.contracts.sessions.session_approval import SessionApproved
from shared.kernel.clock import Clock
from shared.kernel.migrations.migrate import migrate
from shared.kernel.projections.waiting import Reached
from shared.kernel.running import Running
from shared.kernel.settings import Settings
from shared.kernel.store import Store
from shared.kernel.store.store import create_tables

SETTINGS = WebhookSettings(webhook_key=SecretStr("k" * 32), webhook_loopback="allow", profile="dev")
TOPIC = contract_of(SessionApproved).topic
BODY = b'{"specversion":"1.0","type":"%s","data":{"note":"%s"}}' % (TOPIC.encode(), b"x" * 500)
TAKEN = (
    b"SELECT count(*) FROM webhook_attempts a JOIN webhook_deliveries USING (delivery_id) "
    b"WHERE a.status = 200 AND endpoint_id = ANY (%s)"
)


def webhook_tables(job: Job, go: Go) -> Sample:
    create_tables(job.database_url)
    migrate(job.database_url, service.migrations)
    go()
    return Sample(count=1, seconds=1.0)


async def webhooks(job: Job, go: Go) -> Sample:
    """Counted afterwards in the log of attempts."""
    with receiver() as url:
        endpoints = [uuid4() for _ in range(job.callers)]
        _queue(job.database_url, endpoints, url, job.count)
        async with AsyncExitStack() as stack:
            store = await stack.enter_async_context(await Store.open(job.database_url))
            engine = create_async_engine(job.database_url.replace("postgresql:", "postgresql+psycopg:"))
            stack.push_async_callback(engine.dispose)
            settings = Settings(database_url=SecretStr(job.database_url), region="uk-london", profile="dev")
            running = Running("notifications", settings, store, Clock(job.database_url), engine, Reached())
            deliverer = await stack.enter_async_context(Deliverer(running, SETTINGS))
            go()
            started = time.perf_counter()
            await deliverer.work_off()
            seconds = time.perf_counter() - started
    with psycopg.connect(job.database_url) as connection:
        found = connection.execute(TAKEN, (endpoints,)).fetchone()
    if found is None or found[0] != job.count:
        raise RuntimeError(f"{job.count} were due, {found} were taken")
    return Sample(count=job.count, seconds=seconds)


def _queue(database_url: str, endpoints: list[UUID], url: str, count: int) -> None:
    """So many deliveries wait, dealt out to the endpoints."""
    with psycopg.connect(database_url) as connection:
        for endpoint_id in endpoints:
            connection.execute(
                "INSERT INTO webhook_endpoints (endpoint_id, owner, url, facts) VALUES (%s, 'agency', %s, %s)",
                (endpoint_id, url, [TOPIC]),
            )
        connection.execute(
            "WITH made AS (INSERT INTO webhook_facts (event_id, source, topic, region, recorded_at, body) "
            "SELECT gen_random_uuid(), 'sessions', %s, 'uk-london', now(), %s FROM generate_series(1, %s) "
            "RETURNING event_id, topic, recorded_at) "
            "INSERT INTO webhook_deliveries (endpoint_id, event_id, topic, recorded_at) "
            "SELECT (%s::uuid[])[1 + row_number() OVER () %% %s], event_id, topic, recorded_at FROM made",
            (TOPIC, BODY, count, endpoints, len(endpoints)),
        )
