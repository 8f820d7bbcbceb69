"""What can be asked of one mentor's enrolment on one course."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.words.training import CountsFor, RequiredBy, Track, WaiverReason, WithdrawalReason


@dataclass(frozen=True, slots=True)
class Assign:
    """Have a mentor take a course. `retired_on` is the course's, None while it may be assigned."""

    enrolment_id: UUID
    mentor_id: UUID
    course_id: UUID
    track: Track
    due_on: date
    on: date
    retired_on: date | None = None
    required_by: RequiredBy = "office"


@dataclass(frozen=True, slots=True)
class Start:
    """The mentor has begun it."""

    started_on: date
    on: date


@dataclass(frozen=True, slots=True)
class Complete:
    """It was passed, and this proves it."""

    completed_on: date
    evidence: str
    on: date


@dataclass(frozen=True, slots=True)
class RecordCompletion:
    """A course was completed that nobody had assigned: both are recorded at once."""

    enrolment_id: UUID
    mentor_id: UUID
    course_id: UUID
    track: Track
    completed_on: date
    evidence: str
    on: date


@dataclass(frozen=True, slots=True)
class Fail:
    """It was taken and not passed."""

    failed_on: date
    on: date


@dataclass(frozen=True, slots=True)
class Waive:
    """It need not be taken. `valid_months` is for how long completing it would certify; None is for good."""

    reason: WaiverReason
    evidence: str
    counts_for: CountsFor
    valid_until: date | None
    valid_months: int | None
    waived_by: str
    on: date


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the mentor off the course."""

    reason: WithdrawalReason
    on: date


@dataclass(frozen=True, slots=True)
class MarkOverdue:
    """Its last day is over."""

    on: date


Command: TypeAlias = Assign | Start | Complete | RecordCompletion | Fail | Waive | Withdraw | MarkOverdue
