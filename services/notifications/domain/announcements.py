"""What people are told: for each fact the type, the words, and which roles hear of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned, MentorOffered
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.eligibility import NAMES, Shortfall
from shared.contracts.sessions.session import SessionCancelled
from shared.contracts.sessions.session_log import RoleBoundaryBreached
from shared.contracts.training.certification import CertificationExpired
from shared.contracts.training.standing import MentorStoodDown
from shared.contracts.words.support import Role
from shared.contracts.words.telling import NotificationType, RecipientRole

Announced: TypeAlias = (
    SupportRequestReceived
    | MentorOffered
    | MentorAssigned
    | AssignmentEnded
    | RoleBoundaryBreached
    | SessionCancelled
    | MentorStoodDown
    | CertificationExpired
)

AUDIENCE: Mapping[NotificationType, frozenset[RecipientRole]] = {
    "request_received": frozenset({"coordinator", "school", "parent"}),
    "match_offered": frozenset({"coordinator", "mentor", "school", "parent"}),
    "assignment_started": frozenset({"coordinator", "mentor", "school", "parent"}),
    "assignment_ended": frozenset({"coordinator", "mentor", "school", "parent"}),
    "role_boundary_breached": frozenset({"coordinator", "school"}),
    "session_cancelled": frozenset({"coordinator", "mentor", "school", "parent"}),
    "deployability_lost": frozenset({"coordinator", "mentor", "compliance", "manager"}),
    "certification_expired": frozenset({"mentor", "trainer", "compliance", "manager"}),
}

_ROLES: Mapping[Role, str] = {"primary": "primary mentor", "cover": "cover"}
# our own, since what %B gives depends on the machine
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said, about whom. Neither line names a person: names are added where somebody reads."""

    type: NotificationType
    subject_line: str
    body: str
    urgent: bool = False
    child_id: UUID | None = None
    mentor_id: UUID | None = None
    school_id: UUID | None = None
    session_id: UUID | None = None


def announcement(fact: Announced) -> Announcement:
    """What is said because of this fact."""
    match fact:
        case SupportRequestReceived():
            return Announcement(
                "request_received",
                "A request for support was received",
                f"A {_words(fact.requester_kind)} asked for one-to-one support of a child.",
                child_id=fact.child_id,
                school_id=fact.school_id,
            )
        case MentorOffered():
            return Announcement(
                "match_offered",
                "A mentor has been proposed",
                f"A mentor who meets every requirement is proposed as {_ROLES[fact.role]}.",
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
            )
        case MentorAssigned():
            return Announcement(
                "assignment_started",
                "Support has been arranged",
                f"From {_day(fact.effective_from)} the mentor supports the child as {_ROLES[fact.role]}.",
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
            )
        case AssignmentEnded():
            return Announcement(
                "assignment_ended",
                "An assignment has ended",
                f"From {_day(fact.ended_on)} the mentor no longer supports the child: {_words(fact.reason)}.",
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
            )
        case RoleBoundaryBreached():
            return Announcement(
                "role_boundary_breached",
                "A mentor was used for the whole class",
                "A session log named work with the whole class, and was refused. A Learning Mentor supports "
                "one child: please agree with the school how the mentor is to be used.",
                urgent=True,
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
                session_id=fact.session_id,
            )
        case SessionCancelled():
            return Announcement(
                "session_cancelled",
                "A session has been cancelled",
                f"A session will not take place: {_words(fact.reason)} (by the {fact.cancelled_by}).",
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                session_id=fact.session_id,
            )
        case MentorStoodDown():
            lacking = ", ".join(_lacking(reason) for reason in fact.reasons)
            return Announcement(
                "deployability_lost",
                "A mentor may not be with a child at present",
                f"From {_day(fact.stood_down_on)} the mentor may not be with a child: {lacking}. "
                "Coming sessions stop; the child needs cover.",
                urgent=True,
                mentor_id=fact.mentor_id,
            )
        case CertificationExpired():
            return Announcement(
                "certification_expired",
                "A certification has expired",
                f"The {NAMES[fact.track]} expired on {_day(fact.expired_on)} and has to be renewed.",
                urgent=True,
                mentor_id=fact.mentor_id,
            )


def _lacking(reason: Shortfall) -> str:
    since = f" since {_day(reason.since)}" if reason.since and reason.status != "not_yet_valid" else ""
    return f"{NAMES[reason.item]} {_words(reason.status)}{since}"


def _words(value: str) -> str:
    return value.replace("_", " ")


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
