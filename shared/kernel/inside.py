"""What an inner effect is given of the process that performs it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import MetaData

from shared.contracts.forgotten import Forgotten
from shared.kernel.clock import Clock
from shared.kernel.projection import Effect, InnerEffect, Policy, Projection, RawProjection
from shared.kernel.sealing.sealer import Sealer


class OfService(Protocol):
    """As much of a service as an effect may want."""

    @property
    def name(self) -> str: ...
    @property
    def metadata(self) -> MetaData: ...
    @property
    def projections(self) -> Sequence[Projection | RawProjection]: ...
    @property
    def forgotten(self) -> type[Forgotten] | None: ...


@dataclass(frozen=True, slots=True)
class Inside:
    """The service, its database, its clock, and what it seals and opens with, where fields are sealed."""

    service: OfService
    database_url: str
    clock: Clock
    sealer: Sealer | None

    def bound(self, listener: Policy | Effect) -> Policy | Effect:
        """The listener as it can be run: an inner effect gets what performs it."""
        if isinstance(listener, InnerEffect):
            return replace(listener, perform=listener.within(self))
        return listener
