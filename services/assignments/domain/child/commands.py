"""What can be asked of a child's record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.assignments.domain.provision import Provision
from shared.contracts.words.requests import (
    ChildAbsenceReason,
    ChildExitReason,
    ChildPauseReason,
    ReviewDecision,
)
from shared.contracts.words.support import CurriculumLevel, Need


@dataclass(frozen=True, slots=True)
class ReferChild:
    """Somebody asked for support of this child."""

    child_id: UUID
    request_id: UUID
    school_id: UUID
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class AcceptChild:
    """Become responsible for a child, with a first provision; or again, for one who had left."""

    child_id: UUID
    request_id: UUID
    school_id: UUID
    name: str
    birth_date: date
    provision: Provision
    referred_on: date
    on: date


@dataclass(frozen=True, slots=True)
class CloseReferral:
    """The request came to nothing; a child who has no mentor yet is no longer the agency's."""

    request_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class SpecifyProvision:
    """Change how much support the child gets, or for what."""

    provision: Provision


@dataclass(frozen=True, slots=True)
class RecordReview:
    """Record how a review of the provision decided."""

    reviewed_on: date
    decision: ReviewDecision
    summary: str
    next_review_on: date | None
    today: date


@dataclass(frozen=True, slots=True)
class ReviewFallsDue:
    """The day of a review has come."""

    due_on: date


@dataclass(frozen=True, slots=True)
class ActivateChild:
    """A mentor of the child's own supports it."""

    assignment_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class PauseChild:
    """Let support rest."""

    reason: ChildPauseReason
    paused_from: date
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class ResumeChild:
    """Let support go on."""

    resumed_on: date


@dataclass(frozen=True, slots=True)
class ExitChild:
    """No longer be responsible from this day on."""

    reason: ChildExitReason
    exited_on: date


@dataclass(frozen=True, slots=True)
class HandOverChild:
    """Another region owns the child now."""

    on: date


@dataclass(frozen=True, slots=True)
class ReopenChild:
    """Be responsible again, without a new request; at another school when one is named."""

    reopened_on: date
    school_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    """Say what a mentor of this child has to bring."""

    needs: tuple[Need, ...]
    curriculum_level: CurriculumLevel | None
    languages: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True)
class ReportAbsence:
    """The child is not at school from a day up to, without, another."""

    absent_from: date
    absent_until: date
    reason: ChildAbsenceReason
    at: datetime


Command: TypeAlias = (
    ReferChild
    | AcceptChild
    | CloseReferral
    | SpecifyProvision
    | RecordReview
    | ReviewFallsDue
    | ActivateChild
    | PauseChild
    | ResumeChild
    | ExitChild
    | HandOverChild
    | ReopenChild
    | UpdateProfile
    | ReportAbsence
)
