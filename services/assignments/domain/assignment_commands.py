"""What can be asked of the link between one mentor and one child."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.assignments.domain.gate import ChildStanding, MentorStanding
from shared.contracts.words.mentoring import CoverReason, OverrideReason, PauseReason
from shared.contracts.words.support import EndReason, OfferCancelReason


@dataclass(frozen=True, slots=True)
class OfferMentor:
    """Propose a mentor for a child, as its own."""

    assignment_id: UUID
    child: ChildStanding
    mentor: MentorStanding
    at: datetime


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """School, family and mentor agree."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CancelOffer:
    """Let the proposal go."""

    reason: OfferCancelReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Activate:
    """Begin what was agreed to. `mentor` and `child` as known now, for the gate is passed again."""

    child: ChildStanding
    mentor: MentorStanding
    effective_from: date
    at: datetime
    child_slot: int = 1
    mentor_slot: int = 1


@dataclass(frozen=True, slots=True)
class BeginCover:
    """Begin what a mentor agreed to cover; `effective_until` is the first day without them."""

    assignment_id: UUID
    cover_id: UUID
    child: ChildStanding
    mentor: MentorStanding
    days: tuple[date, ...]
    effective_until: date
    child_slot: int = 1
    mentor_slot: int = 1


@dataclass(frozen=True, slots=True)
class PauseAssignment:
    """Interrupt support."""

    reason: PauseReason
    paused_from: date
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class ResumeAssignment:
    """Go on after a pause; the day it began: the pause never was."""

    resumed_on: date


@dataclass(frozen=True, slots=True)
class StandAside:
    """The child's own mentor is not there on these days: somebody else may be."""

    cover_id: UUID
    days: tuple[date, ...]
    because: CoverReason
    at: datetime


@dataclass(frozen=True, slots=True)
class StandBack:
    """These days need no cover: they are the primary's again."""

    cover_id: UUID
    days: tuple[date, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class BeginHandover:
    """The end is in sight."""

    last_day: date
    reason: EndReason
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordHandover:
    """Put on record what the next mentor has to know."""

    summary: str
    to_mentor_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class OverrideHandover:
    """Let the next mentor begin without a handover."""

    reason: OverrideReason
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EndAssignment:
    """End it; `ended_on` is the first day without this mentor, and may lie ahead."""

    reason: EndReason
    ended_on: date


Command: TypeAlias = (
    OfferMentor
    | AcceptOffer
    | CancelOffer
    | Activate
    | BeginCover
    | PauseAssignment
    | ResumeAssignment
    | StandAside
    | StandBack
    | BeginHandover
    | RecordHandover
    | OverrideHandover
    | EndAssignment
)
