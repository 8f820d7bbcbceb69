"""Many commands of one request: each decided by itself, so that the store can commit them together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request

from services.training.domain.enrolment import enrolment
from services.training.domain.enrolment_commands import Command
from shared.kernel.commands import Outcome, execute
from shared.kernel.decider import Refused
from shared.kernel.envelope import Origin
from shared.kernel.problems import KNOWN, Problem
from shared.kernel.running import Running


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one command: recorded facts, none because it was so already, or a refusal."""

    outcome: Outcome | None
    refused: Refused | None = None

    @property
    def position(self) -> int:
        return self.outcome.position if self.outcome else 0

    @property
    def changed(self) -> bool:
        return self.outcome is not None and bool(self.outcome.facts)


Recorder = Callable[[UUID, Command], Awaitable[Decided]]


def recorder(request: Request) -> Recorder:
    """Decides commands on enrolments in the caller's name. Raises Problem 400 without an idempotency key."""
    key = request.headers.get("idempotency-key", "")
    if not key:
        raise Problem(400, "idempotency_key_missing", KNOWN["idempotency_key_missing"])
    running: Running = request.app.state.running
    origin = Origin(
        region=running.settings.region,
        service=running.service,
        actor=str(request.state.actor),
        at=running.clock.now(),
        correlation_id=request.scope["state"]["correlation_id"],
        causation_id=key,
    )

    async def record(stream: UUID, command: Any) -> Decided:
        try:
            return Decided(
                await execute(running.store, enrolment, stream, command, origin=origin, sealer=running.sealer)
            )
        except Refused as refused:
            return Decided(None, refused)

    return record
