"""The link between one mentor and one child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TypeAlias
from uuid import UUID

from services.assignments.domain.gate import ChildStanding, MentorStanding, pass_child, pass_mentor
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    OfferCancelled,
)
from shared.contracts.words.support import EndReason, OfferCancelReason, Role
from shared.kernel.decider import Claim, Decider, Refused

AssignmentFact: TypeAlias = MentorOffered | OfferCancelled | MentorAssigned | AssignmentEnded


@dataclass(frozen=True, slots=True)
class OfferMentor:
    """Propose a mentor for a child."""

    assignment_id: UUID
    child: ChildStanding
    mentor: MentorStanding
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelOffer:
    """Let the proposal go."""

    reason: OfferCancelReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Activate:
    """Begin: the proposal was agreed to. `mentor` and `child` as known now, for the gate is passed again."""

    child: ChildStanding
    mentor: MentorStanding
    effective_from: date
    at: datetime


@dataclass(frozen=True, slots=True)
class EndAssignment:
    """End it; `ended_on` is the first day without this mentor, and may lie ahead."""

    reason: EndReason
    ended_on: date


Command: TypeAlias = OfferMentor | CancelOffer | Activate | EndAssignment


@dataclass(frozen=True, slots=True)
class Nothing:
    """Not even an offer."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Proposed, waiting for an answer."""

    offered: MentorOffered


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The proposal came to nothing."""

    offered: MentorOffered
    cancelled: OfferCancelled


@dataclass(frozen=True, slots=True)
class Active:
    """In force from a day on."""

    assigned: MentorAssigned


@dataclass(frozen=True, slots=True)
class Ended:
    """Was in force up to a day."""

    assigned: MentorAssigned
    ended: AssignmentEnded


Assignment: TypeAlias = Nothing | Offered | Cancelled | Active | Ended


def decide(state: Assignment, command: Command) -> Sequence[AssignmentFact]:
    match command:
        case OfferMentor():
            return _offer(state, command)
        case CancelOffer():
            return _cancel(state, command)
        case Activate():
            return _activate(state, command)
        case EndAssignment():
            return _end(state, command)


def _offer(state: Assignment, command: OfferMentor) -> Sequence[AssignmentFact]:
    match state:
        case Nothing():
            school_id = pass_child(command.child)
            pass_mentor(command.mentor, [command.at.date()])
            return (
                MentorOffered(
                    assignment_id=command.assignment_id,
                    child_id=command.child.child_id,
                    mentor_id=command.mentor.mentor_id,
                    school_id=school_id,
                    role=command.role,
                    offered_at=command.at,
                ),
            )
        case Offered(known) | Cancelled(known):
            return _offered_before(known, command)
        case Active(known) | Ended(known):
            return _offered_before(known, command)


def _offered_before(known: MentorOffered | MentorAssigned, command: OfferMentor) -> Sequence[AssignmentFact]:
    if (known.child_id, known.mentor_id, known.role) == (
        command.child.child_id,
        command.mentor.mentor_id,
        command.role,
    ):
        return ()
    raise Refused("offer_already_made", "this offer is another one; make a new offer")


def _cancel(state: Assignment, command: CancelOffer) -> Sequence[AssignmentFact]:
    match state:
        case Offered(offered):
            return (
                OfferCancelled(
                    assignment_id=offered.assignment_id,
                    child_id=offered.child_id,
                    mentor_id=offered.mentor_id,
                    school_id=offered.school_id,
                    reason=command.reason,
                    cancelled_at=command.at,
                ),
            )
        case Cancelled():
            return ()
        case Nothing():
            raise Refused("offer_unknown", "there is no such offer; check the id")
        case Active() | Ended():
            raise Refused("offer_already_agreed", "the assignment has begun; end it instead")


def _activate(state: Assignment, command: Activate) -> Sequence[AssignmentFact]:
    match state:
        case Offered(offered):
            # The school is the child's of today; the offer's is of the day it was made.
            school_id = pass_child(command.child)
            pass_mentor(command.mentor, [command.effective_from, command.at.date()])
            return (
                MentorAssigned(
                    assignment_id=offered.assignment_id,
                    child_id=offered.child_id,
                    mentor_id=offered.mentor_id,
                    school_id=school_id,
                    role=offered.role,
                    effective_from=command.effective_from,
                ),
            )
        case Active(assigned) if assigned.effective_from == command.effective_from:
            return ()
        case Active(assigned):
            raise Refused(
                "assignment_active", f"this assignment began on {assigned.effective_from}; end it first"
            )
        case Nothing():
            raise Refused("offer_unknown", "there is no such offer; offer the mentor first")
        case Cancelled(_, cancelled):
            raise Refused("offer_cancelled", f"this offer was cancelled ({cancelled.reason}); make a new one")
        case Ended(_, ended):
            raise Refused(
                "assignment_ended", f"this assignment ended on {ended.ended_on}; offer the mentor anew"
            )


def _end(state: Assignment, command: EndAssignment) -> Sequence[AssignmentFact]:
    match state:
        case Active(assigned):
            if command.ended_on < assigned.effective_from:
                raise Refused(
                    "invalid_ended_on",
                    f"support began on {assigned.effective_from}; give that day (to undo it) or a later one",
                )
            return (
                AssignmentEnded(
                    assignment_id=assigned.assignment_id,
                    child_id=assigned.child_id,
                    mentor_id=assigned.mentor_id,
                    school_id=assigned.school_id,
                    role=assigned.role,
                    reason=command.reason,
                    ended_on=command.ended_on,
                ),
            )
        case Ended(_, ended) if ended.ended_on == command.ended_on:
            return ()
        case Ended(_, ended):
            raise Refused("assignment_ended", f"this assignment ended on {ended.ended_on} already")
        case Nothing() | Offered() | Cancelled():
            raise Refused("assignment_not_active", "this assignment has not begun; cancel the offer instead")


def evolve(state: Assignment, fact: AssignmentFact) -> Assignment:
    match fact, state:
        case MentorOffered(), Nothing():
            return Offered(fact)
        case OfferCancelled(), Offered(offered):
            return Cancelled(offered, fact)
        case MentorAssigned(), Offered():
            return Active(fact)
        case AssignmentEnded(), Active(assigned):
            return Ended(assigned, fact)
        case _:
            return state


def claims(state: Assignment) -> frozenset[Claim]:
    """One primary at a time, for the child and for the mentor: both are held for the days of support.

    An ended assignment keeps its days, so that nobody can be assigned into the past on top of it.
    """
    match state:
        case Active(assigned) if assigned.role == "primary":
            return _days(assigned, None)
        case Ended(assigned, ended) if (
            assigned.role == "primary" and ended.ended_on > assigned.effective_from
        ):
            return _days(assigned, ended.ended_on)
        case _:
            return frozenset()


def _days(assigned: MentorAssigned, ended_on: date | None) -> frozenset[Claim]:
    since = datetime.combine(assigned.effective_from, time(), UTC)
    until = None if ended_on is None else datetime.combine(ended_on, time(), UTC)
    return frozenset(
        (
            Claim(
                f"mentor:{assigned.mentor_id}",
                "mentor_already_assigned",
                "this mentor already supports a child in those days; end that first or choose another mentor",
                since,
                until,
            ),
            Claim(
                f"child:{assigned.child_id}",
                "child_already_assigned",
                "this child already has a mentor in those days; end that assignment first",
                since,
                until,
            ),
        )
    )


assignment: Decider[Assignment, Command] = Decider("assignment", Nothing(), decide, evolve, claims)
