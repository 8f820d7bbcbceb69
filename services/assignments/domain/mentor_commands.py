"""What can be asked of a mentor's record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from shared.contracts.words.mentoring import AbsenceReason, LeaveKind, Weekday
from shared.contracts.words.support import Area, CurriculumLevel, Need


@dataclass(frozen=True, slots=True)
class Apply:
    """Somebody wants to become a mentor."""

    mentor_id: UUID
    name: str
    email: str
    on: date


@dataclass(frozen=True, slots=True)
class EngageMentor:
    """Somebody begins to work for the agency."""

    mentor_id: UUID
    name: str
    email: str
    on: date


@dataclass(frozen=True, slots=True)
class GoOnLeave:
    """Be away for longer, and stay employed."""

    leave_from: date
    expected_back_on: date | None
    kind: LeaveKind


@dataclass(frozen=True, slots=True)
class Return:
    """Come back from leave."""

    returned_on: date


@dataclass(frozen=True, slots=True)
class LetMentorGo:
    """Somebody no longer works for the agency from this day on."""

    left_on: date


@dataclass(frozen=True, slots=True)
class SetAvailability:
    """How much the mentor can work, and on which days, from a day on."""

    minutes_per_week: int
    weekdays: tuple[Weekday, ...]
    effective_from: date


@dataclass(frozen=True, slots=True)
class Profile:
    """What the mentor brings to a child."""

    areas: tuple[Area, ...] = ()
    curriculum_levels: tuple[CurriculumLevel, ...] = ()
    experience: tuple[Need, ...] = ()
    languages: tuple[str, ...] = ()
    town: str | None = None
    postcode_district: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    """Say anew what the mentor brings."""

    profile: Profile
    on: date


@dataclass(frozen=True, slots=True)
class ReportAbsence:
    """The mentor can't be with a child from a day up to, without, another."""

    absent_from: date
    absent_until: date
    reason: AbsenceReason
    at: datetime


Command: TypeAlias = (
    Apply | EngageMentor | GoOnLeave | Return | LetMentorGo | SetAvailability | UpdateProfile | ReportAbsence
)
