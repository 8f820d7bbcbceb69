"""The ways a notification reaches its recipient: one port, an adapter for each channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.contracts.words.telling import Channel


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification, ready for people to read.

    `about` are lines such as ("Child", "A. H."): initials only, since a letter leaves the house.
    """

    notification_id: UUID
    to_name: str
    to_email: str
    region: str
    subject_line: str
    body: str
    urgent: bool
    about: tuple[tuple[str, str], ...]
    correlation_id: str
    written_at: datetime


class NotDelivered(Exception):
    """The channel did not take it. `reason` holds no personal data; `permanent`: retrying cannot help."""

    def __init__(self, reason: str, *, permanent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent


class Delivers(Protocol):
    """The port: takes a letter, or raises NotDelivered."""

    @property
    def channel(self) -> Channel: ...

    async def deliver(self, letter: Letter) -> None: ...
