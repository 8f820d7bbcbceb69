"""How far somebody's employment as a mentor has come."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from services.assignments.domain.availability import KnownOf
from shared.contracts.assignments.mentor import (
    MentorAbsenceReported,
    MentorApplied,
    MentorAvailabilitySet,
    MentorEngaged,
    MentorLeft,
    MentorProfileUpdated,
    MentorReturned,
    MentorWentOnLeave,
)

MentorFact: TypeAlias = (
    MentorApplied
    | MentorEngaged
    | MentorWentOnLeave
    | MentorReturned
    | MentorLeft
    | MentorAvailabilitySet
    | MentorProfileUpdated
    | MentorAbsenceReported
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Never applied, never worked for the agency."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Wants to work for the agency."""

    applied: MentorApplied
    known: KnownOf


@dataclass(frozen=True, slots=True)
class Engaged:
    """Works for the agency; `returned` is the last leave that is over, and the first day after it."""

    engaged: MentorEngaged
    known: KnownOf
    returned: tuple[MentorWentOnLeave, date] | None = None


@dataclass(frozen=True, slots=True)
class OnLeave:
    """Works for the agency, and is away for longer."""

    engaged: MentorEngaged
    known: KnownOf
    leave: MentorWentOnLeave


@dataclass(frozen=True, slots=True)
class Left:
    """Worked for the agency."""

    engaged: MentorEngaged
    known: KnownOf
    left_on: date


Mentor: TypeAlias = Unknown | Applicant | Engaged | OnLeave | Left
