"""What a running service process shares between its requests: settings, store, clock, database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.fact import Fact
from shared.kernel.clock import Clock
from shared.kernel.integrators import Integrators
from shared.kernel.sealing.sealer import Sealer
from shared.kernel.settings import Settings
from shared.kernel.store import Store


class Waiter(Protocol):
    """Knows how far each listener has come, and waits for one."""

    async def seen(self, names: Iterable[str], source: str, position: int, timeout: float) -> bool:
        """Whether all the named listeners reached `position` of `source` within `timeout` seconds."""
        ...


@dataclass
class Running:
    """One per process, at `app.state.running`. `listeners` are the names that listen to each source.

    `viewed` is the fact that records who was shown a record; None where views are not kept. `sealer` opens and
    seals personal fields; None in development without a keyring, where facts that have such can't be recorded.
    `integrators` are those outside the house that were granted facts.
    """

    service: str
    settings: Settings
    store: Store
    clock: Clock
    engine: AsyncEngine
    waiter: Waiter
    listeners: Mapping[str, frozenset[str]] = field(default_factory=dict)
    viewed: type[Fact] | None = None
    sealer: Sealer | None = None
    integrators: Integrators = field(init=False)

    def __post_init__(self) -> None:
        self.integrators = Integrators(self.settings.integrators)
