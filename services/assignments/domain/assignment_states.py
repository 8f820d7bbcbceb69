"""How far the link between one mentor and one child has come."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
    MentorOffered,
    OfferAccepted,
    OfferCancelled,
    PrimaryStoodAside,
    PrimaryStoodBack,
)
from shared.contracts.assignments.handover import HandoverBegun, HandoverOverridden, HandoverRecorded

AssignmentFact: TypeAlias = (
    MentorOffered
    | OfferAccepted
    | OfferCancelled
    | MentorAssigned
    | AssignmentPaused
    | AssignmentResumed
    | PrimaryStoodAside
    | PrimaryStoodBack
    | HandoverBegun
    | HandoverRecorded
    | HandoverOverridden
    | AssignmentEnded
)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Not even an offer."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Offered, waiting for an answer."""

    offered: MentorOffered


@dataclass(frozen=True, slots=True)
class Accepted:
    """Agreed to, not yet begun."""

    offered: MentorOffered
    accepted: OfferAccepted


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The proposal came to nothing."""

    offered: MentorOffered
    cancelled: OfferCancelled


@dataclass(frozen=True, slots=True)
class Pause:
    """Without support from `paused_from` up to, without, `resumed_on`; None while it lasts."""

    fact: AssignmentPaused
    resumed_on: date | None = None

    @property
    def paused_from(self) -> date:
        return self.fact.paused_from


@dataclass(frozen=True, slots=True)
class Course:
    """What has happened since it began; `aside` are the days on which somebody else may be with the child."""

    assigned: MentorAssigned
    pauses: tuple[Pause, ...] = ()
    aside: frozenset[tuple[date, UUID]] = frozenset()
    handover: HandoverRecorded | HandoverOverridden | None = None

    @property
    def days_aside(self) -> frozenset[date]:
        return frozenset(day for day, _ in self.aside)


@dataclass(frozen=True, slots=True)
class Active:
    """In force."""

    course: Course


@dataclass(frozen=True, slots=True)
class Paused:
    """Still linked, but without support."""

    course: Course


@dataclass(frozen=True, slots=True)
class HandoverPending:
    """In force, with its end in sight."""

    course: Course
    begun: HandoverBegun


@dataclass(frozen=True, slots=True)
class Ended:
    """Was in force up to a day."""

    course: Course
    ended: AssignmentEnded


InForce: TypeAlias = Active | Paused | HandoverPending
Assignment: TypeAlias = Nothing | Proposed | Accepted | Cancelled | Active | Paused | HandoverPending | Ended
