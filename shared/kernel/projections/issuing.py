"""Commands that no person sends: those of policies, effects and due times, each once per idempotency key."""

from dataclasses import dataclass

import structlog
from prometheus_client import Counter

from shared.kernel.clock import Clock
from shared.kernel.commands import execute
from shared.kernel.decider import Refused
from shared.kernel.envelope import Origin
from shared.kernel.projection import Issue
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.store import Store

log = structlog.get_logger(__name__)

_issued = Counter("alongside_issued_commands", "Commands sent by policies and due times", ["actor", "answer"])


@dataclass(frozen=True, slots=True)
class Issuer:
    """Executes commands on the service's own store, in the name of a rule."""

    store: Store
    clock: Clock
    region: str
    service: str
    sealer: Sealer | None = None

    async def issue(
        self, issue: Issue, *, actor: str, key: str, correlation_id: str, causation_id: str
    ) -> str:
        """Execute it; "done", "repeated" or why it was refused, which is an answer too.

        Raises what `execute` raises otherwise.
        """
        origin = Origin(
            region=self.region,
            service=self.service,
            actor=actor,
            at=self.clock.now(),
            correlation_id=correlation_id,
            causation_id=causation_id,
        )
        try:
            outcome = await execute(
                self.store,
                issue.decider,
                issue.stream,
                issue.command,
                origin=origin,
                key=key,
                sealer=self.sealer,
            )
        except Refused as refused:
            _issued.labels(actor, "refused").inc()
            log.info("refused", actor=actor, stream=str(issue.stream), code=refused.code, why=refused.message)
            return f"refused: {refused.code}"
        answer = "repeated" if outcome.repeated else "done"
        _issued.labels(actor, answer).inc()
        return answer
