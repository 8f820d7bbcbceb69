"""What can be asked of a search for cover."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.assignments.domain.gate import ChildStanding, MentorStanding
from shared.contracts.words.mentoring import CoverCancelReason, CoverForm, CoverReason, GivenBackReason


@dataclass(frozen=True, slots=True)
class RequestCover:
    """Look for somebody who stands in for a child's mentor on these days."""

    cover_id: UUID
    child: ChildStanding
    assignment_id: UUID | None
    absent_mentor_id: UUID | None
    form: CoverForm
    asked: tuple[UUID, ...]
    days: tuple[date, ...]
    reason: CoverReason
    expires_at: datetime
    at: datetime
    child_slot: int = 1
    named: MentorStanding | None = None
    named_is_taken: bool = False


@dataclass(frozen=True, slots=True)
class AcceptCover:
    """A mentor agrees to cover these days; without any, all that are left. `mentor` as known now, for the gate."""

    mentor: MentorStanding
    days: tuple[date, ...]
    at: datetime
    mentor_slot: int = 1


@dataclass(frozen=True, slots=True)
class DeclineCover:
    """A mentor who was asked will not."""

    mentor_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class GiveBack:
    """A mentor who had agreed can't on these days after all."""

    mentor_id: UUID
    days: tuple[date, ...]
    reason: GivenBackReason
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelCover:
    """Nobody is needed on these days any more; with `taken_too` also where somebody had agreed."""

    reason: CoverCancelReason
    days: tuple[date, ...]
    taken_too: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ExpireCover:
    """Give up on what nobody took."""

    at: datetime


Command: TypeAlias = RequestCover | AcceptCover | DeclineCover | GiveBack | CancelCover | ExpireCover
