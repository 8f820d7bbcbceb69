"""What can be asked of a request for support."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from services.assignments.domain.provision import Provision
from shared.contracts.words.requests import Urgency, WaitlistReason
from shared.contracts.words.support import (
    Area,
    DeclineReason,
    EndReason,
    OfferCancelReason,
    Requester,
    SchoolStatus,
    WithdrawalReason,
)

ChildHere: TypeAlias = Literal["unknown", "referred", "supported", "exited", "transferred"]


@dataclass(frozen=True, slots=True)
class ReceiveRequest:
    """Somebody asks. `school_status` is the register's; None when the school is not in it.

    `child_here` is how the agency knows the child: a child who was supported before may be asked for again.
    """

    request_id: UUID
    child_id: UUID
    school_id: UUID
    school_status: SchoolStatus | None
    requester_kind: Requester
    child_name: str
    needs: str
    at: datetime
    requester_name: str | None = None
    child_here: ChildHere = "unknown"


@dataclass(frozen=True, slots=True)
class TriageRequest:
    """Judge how soon support is needed, and for what."""

    urgency: Urgency
    areas: tuple[Area, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class AskForInformation:
    """Ask what the agency has to know before it can answer."""

    question: str
    answer_due_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordInformation:
    """The answer arrived."""

    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TakeOnRequest:
    """Take it on, with this provision. What nobody triaged is triaged with it, as `urgency`."""

    birth_date: date
    provision: Provision
    at: datetime
    urgency: Urgency = "routine"


@dataclass(frozen=True, slots=True)
class WaitlistRequest:
    """Let it wait for its turn, to be looked at again on a day."""

    reason: WaitlistReason
    review_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """Take it off the waiting list."""

    at: datetime


@dataclass(frozen=True, slots=True)
class NoteOffer:
    """A mentor was offered for the child."""

    assignment_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteAgreement:
    """The offer was agreed to."""

    assignment_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteLoss:
    """The offer came to nothing, or the assignment was undone: it ended on `ended_on`."""

    assignment_id: UUID
    reason: OfferCancelReason | EndReason
    at: datetime
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class NoteSupport:
    """A mentor supports the child from this day on."""

    assignment_id: UUID
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class DeclineRequest:
    """Do not take it on."""

    reason: DeclineReason
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Whoever asked no longer asks."""

    reason: WithdrawalReason
    at: datetime


Note: TypeAlias = NoteOffer | NoteAgreement | NoteLoss | NoteSupport
Command: TypeAlias = (
    ReceiveRequest
    | TriageRequest
    | AskForInformation
    | RecordInformation
    | TakeOnRequest
    | WaitlistRequest
    | ResumeRequest
    | Note
    | DeclineRequest
    | WithdrawRequest
)
