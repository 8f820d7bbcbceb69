"""What the records office is asked to do with one person's record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import Ground, HoldReason, Person, RefusedBecause

Classes: TypeAlias = tuple[RetentionClass, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """One person."""

    kind: Person
    id: UUID

    @property
    def stream(self) -> UUID:
        """Where all that is decided about this record is decided."""
        return uuid5(NAMESPACE_URL, f"alongside:record:{self.kind}:{self.id}")

    @property
    def named(self) -> dict[str, UUID]:
        """The person as a fact names them."""
        return {f"{self.kind}_id": self.id}


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Part of the record must be kept."""

    subject: Subject
    hold_id: UUID
    classes: Classes
    reason: HoldReason
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LiftHold:
    """The hold is needed no more. `services` have to forget what was due meanwhile."""

    hold_id: UUID
    services: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestErasure:
    """Somebody wants the person to be forgotten."""

    subject: Subject
    erasure_id: UUID
    ground: Ground
    classes: Classes
    commitment: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DecideErasure:
    """Decide the open request by the rules, on what is known now.

    `ended_on` is the first day without the person, None while they are supported or employed; `recipient_ids`
    are those under which they (of a child: its parents) are told things.
    """

    erasure_id: UUID
    ended_on: date | None
    recipient_ids: tuple[UUID, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RefuseErasure:
    """The open request leads to nothing."""

    erasure_id: UUID
    why: RefusedBecause
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApproveErasure:
    """One more person agrees to the decision as it stands. `ended_on` is what is known now."""

    erasure_id: UUID
    ended_on: date | None
    services: tuple[str, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EndRetention:
    """The day has come until which a part was kept."""

    erasure_id: UUID
    keep: RetentionClass
    services: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteKeysDestroyed:
    """The keyring says that the keys of an order are gone."""

    erasure_id: UUID
    destroyed: int
    epoch: int | None = None


Command: TypeAlias = (
    PlaceHold
    | LiftHold
    | RequestErasure
    | DecideErasure
    | RefuseErasure
    | ApproveErasure
    | EndRetention
    | NoteKeysDestroyed
)
