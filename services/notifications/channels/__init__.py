"""The ways a notification reaches its recipient: one port, an adapter for each channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.contracts.words.telling import Channel


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a letter tells. `about` are lines such as ("Child", "A. H."): a letter leaves the house."""

    subject_line: str
    happened: str
    todo: str
    urgent: bool
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, ready to be read by one person: one item, or those of a digest.

    Without items it says only that there is something to read: then nothing of it may leave the house.
    """

    notification_id: UUID
    recipient_id: UUID
    to_name: str
    to_email: str
    to_phone: str | None
    region: str
    language: str
    subject_line: str
    items: tuple[Item, ...]
    digest: bool
    urgent: bool
    acknowledge: bool
    correlation_id: str
    written_at: datetime

    @property
    def optional(self) -> bool:
        """Whether the recipient may choose not to get such mail."""
        return not (self.urgent or self.acknowledge) and bool(self.items)


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
