"""A fact as it was recorded: what a projection, a policy and an auditor get to see."""

from datetime import datetime
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from shared.contracts.fact import Fact

Arrival: TypeAlias = tuple[int, bytes] | tuple[int, bytes, str]
"""Position, stored bytes, and for listeners that ask for it the producer's signature (empty without one)."""

F = TypeVar("F", bound=Fact, covariant=True)


class Recorded(msgspec.Struct, Generic[F], frozen=True):
    """A fact with its place in history.

    `position` is dense per `source` (the service that recorded it); `version` is dense per `stream`;
    `recorded_at` is when the store took it (UTC), apart from any date inside the fact.
    """

    fact: F
    source: str
    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    id: UUID
    region: str
    actor: str
    correlation_id: str
    causation_id: str
