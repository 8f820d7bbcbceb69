"""Where an import decides: by the deciders that everybody's commands go to; or only in thought, for a check."""

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.fact import Fact
from shared.kernel.commands import execute
from shared.kernel.decider import Decider
from shared.kernel.envelope import Origin
from shared.kernel.running import Running
from shared.kernel.sealing.batches import facts_in

S = TypeVar("S")
C = TypeVar("C")
P = ParamSpec("P")
T = TypeVar("T")


class Desk:
    """One per import. It remembers what it decided: a check sees what it would have done a moment ago."""

    def __init__(self, running: Running, origin: Origin, *, dry_run: bool) -> None:
        self._running, self._origin, self._dry_run = running, origin, dry_run
        self._states: dict[UUID, Any] = {}
        self.facts, self.position = 0, 0

    async def state(self, decider: Decider[S, Any], stream: UUID) -> S:
        """What a stream says, with what this import added. Raises KeyringUnavailable."""
        if stream not in self._states:
            events = await self._running.store.load(stream)
            facts = await facts_in(self._running.sealer, [event.state for event in events])
            self.position = max(self.position, *(event.position for event in events[-1:]), 0)
            self._states.setdefault(stream, decider.fold(facts))
        return cast(S, self._states[stream])

    async def do(self, decider: Decider[S, C], stream: UUID, command: C) -> tuple[Fact, ...]:
        """What the command led to. Raises Refused, and what `execute` raises."""
        state = await self.state(decider, stream)
        if self._dry_run:
            facts = tuple(decider.decide(state, command))
        else:
            running = self._running
            outcome = await execute(
                running.store, decider, stream, command, origin=self._origin, sealer=running.sealer
            )
            facts = outcome.facts
            self.position = max(self.position, outcome.position)
        self._states[stream] = decider.fold(facts, self._states[stream])
        self.facts += len(facts)
        return facts

    async def ask(
        self,
        query: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What the read model knows."""
        async with self._running.engine.connect() as connection:
            return await query(connection, *args, **kwargs)
