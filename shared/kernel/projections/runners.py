"""Which runner applies the facts of a source for a listener: rows for a projection, commands for what acts."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.kernel.inside import Inside
from shared.kernel.projection import Effect, Policy, Projection, Queue, RawProjection
from shared.kernel.projections.acting import ActingRunner
from shared.kernel.projections.declared import read_tables
from shared.kernel.projections.issuing import Issuer
from shared.kernel.projections.queueing import QueueRunner
from shared.kernel.projections.runner import ProjectionRunner
from shared.kernel.projections.waiting import Reached
from shared.kernel.service import Service

Runner: TypeAlias = ProjectionRunner | ActingRunner | QueueRunner


@dataclass(frozen=True)
class Runners:
    """The runners of one service, and what they share."""

    service: Service
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    engine: AsyncEngine
    issuer: Issuer
    reached: Reached
    inside: Inside

    def of(self, listener: Projection | RawProjection | Policy | Effect | Queue, source: str) -> Runner:
        """The runner of a listener for one source."""
        if isinstance(listener, Projection | RawProjection):
            tables = read_tables(self.service.metadata, listener.tables)
            return ProjectionRunner(
                self.pool, listener, source, tables, moved=self.reached.moved, sealer=self.issuer.sealer
            )
        if isinstance(listener, Queue):
            return QueueRunner(self.pool, listener, source, self.reached.moved)
        return ActingRunner(
            self.pool,
            self.inside.bound(listener),
            source,
            self.issuer,
            self.engine,
            self.reached,
            projections=self._projections,
            moved=self.reached.moved,
        )

    def redoing(self, name: str, source: str) -> Runner:
        """A runner for retries only. KeyError when nothing of this name listens to the source."""
        for listener in self.service.listeners:
            if listener.name == name and source in listener.sources:
                return self.of(listener, source)
        raise KeyError(f"nothing named {name} listens to {source} here")

    def _projections(self, source: str) -> frozenset[str]:
        return frozenset(found.name for found in self.service.projections if source in found.sources)
