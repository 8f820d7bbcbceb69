"""Read models built afresh by the product's own runner, in databases of their own, and compared."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from psycopg_pool import AsyncConnectionPool

from deploy.databases import name_of
from shared.kernel.migrations.migrate import migrate
from shared.kernel.projection import Projection, RawProjection
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.sealing.reaching import KeyringAt
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.service import Service
from shared.kernel.store.store import create_tables
from tests.faults.checker import Evidence, Finding

BATCH = 5000
# When it fired is no matter of the facts, nor what the producer signed a fact with on its way.
APART = {"due": "fired_for", "facts": "signature"}


@dataclass
class Fresh:
    """Undisturbed twins of the services' read models, in databases beside the live ones.

    They take in what each look adds, from the first fact on; `anew` makes them empty again.
    """

    admin_url: str
    services: tuple[str, ...]
    keyrings: Mapping[str, KeyringAt]
    fed: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def anew(self) -> None:
        """Empty databases with the newest schema."""
        self.fed.clear()
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            for service in self.services:
                name = sql.Identifier(f"fresh_{name_of(service)}")
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
                admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
        for service in self.services:
            create_tables(self.url(service))
            migrate(self.url(service), _service(service).migrations)

    def url(self, service: str) -> str:
        return f"{self.admin_url.rpartition('/')[0]}/fresh_{name_of(service)}"

    async def compare(self, evidence: Evidence) -> list[Finding]:
        """Feed the twins what is new, and tell which live tables differ from theirs."""
        findings = []
        for service in self.services:
            await self._feed(service, evidence)
            tables = sorted({name for found in _service(service).projections for name in found.tables})
            live, fresh = evidence.stores[service].url, self.url(service)
            with psycopg.connect(live) as there, psycopg.connect(fresh) as here:
                for table in tables:
                    findings += _differences(f"{service}.{table}", _rows(there, table), _rows(here, table))
        return findings

    async def _feed(self, service: str, evidence: Evidence) -> None:
        pool: AsyncConnectionPool[AsyncConnection[Any]] = AsyncConnectionPool(
            self.url(service), min_size=1, max_size=1, open=False, kwargs={"autocommit": True}
        )
        async with pool:
            sealer = Sealer(await self.keyrings[service]())
            try:
                for projection in _service(service).projections:
                    for source in sorted(projection.sources & evidence.stores.keys()):
                        await self._apply(pool, service, projection, source, evidence, sealer)
            finally:
                await sealer.close()

    async def _apply(
        self,
        pool: AsyncConnectionPool[AsyncConnection[Any]],
        service: str,
        projection: Projection | RawProjection,
        source: str,
        evidence: Evidence,
        sealer: Sealer,
    ) -> None:
        tables = read_tables(_service(service).metadata, projection.tables)
        runner = ProjectionRunner(pool, projection, source, tables, sealer=sealer)
        at = (await runner.start()).position
        facts = [(fact.position, fact.state) for fact in evidence.stores[source].facts[at:]]
        for begin in range(0, len(facts), BATCH):
            await runner.apply(facts[begin : begin + BATCH])


def _service(name: str) -> Service:
    found: Service = import_module(f"services.{name}.main").service
    return found


def _differences(where: str, live: Counter[str], fresh: Counter[str]) -> list[Finding]:
    if live == fresh:
        return []
    extra, lacking = live - fresh, fresh - live
    sample = next(iter(extra + lacking))[:200]
    told = f"{extra.total()} rows too many, {lacking.total()} lacking, such as {sample}"
    return [Finding("differs_from_rebuild", where, told)]


def _rows(connection: psycopg.Connection, table: str) -> Counter[str]:
    query = sql.SQL("SELECT (to_jsonb(t) - {}::text)::text FROM public.{} AS t")
    found = connection.execute(query.format(APART.get(table, ""), sql.Identifier(table))).fetchall()
    return Counter(row[0] for row in found)
