"""A mentor proposed for a child: offered, agreed to or let go, and begun."""

from collections.abc import Sequence
from typing import assert_never

from services.assignments.domain.assignment_commands import AcceptOffer, Activate, CancelOffer, OfferMentor
from services.assignments.domain.assignment_states import (
    Accepted,
    Active,
    Assignment,
    AssignmentFact,
    Cancelled,
    Ended,
    HandoverPending,
    Nothing,
    Paused,
    Proposed,
)
from services.assignments.domain.gate import pass_child, pass_mentor
from shared.contracts.assignments.assignment import (
    MentorAssigned,
    MentorOffered,
    OfferAccepted,
    OfferCancelled,
)
from shared.kernel.decider import Refused


def offer(state: Assignment, command: OfferMentor) -> Sequence[AssignmentFact]:
    """Through the gate, as of today."""
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
                    role="primary",
                    offered_at=command.at,
                ),
            )
        case Proposed(known) | Accepted(known) | Cancelled(known):
            return _offered_before(known, command)
        case Active(course) | Paused(course) | HandoverPending(course) | Ended(course):
            return _offered_before(course.assigned, command)
        case _:
            assert_never(state)


def _offered_before(known: MentorOffered | MentorAssigned, command: OfferMentor) -> Sequence[AssignmentFact]:
    wanted = (command.child.child_id, command.mentor.mentor_id, "primary")
    if (known.child_id, known.mentor_id, known.role) == wanted:
        return ()
    raise Refused("offer_already_made", "this offer is another one; make a new offer")


def accept(state: Assignment, command: AcceptOffer) -> Sequence[AssignmentFact]:
    """Agreed: what is left is to begin."""
    match state:
        case Proposed(offered):
            return (
                OfferAccepted(
                    assignment_id=offered.assignment_id,
                    child_id=offered.child_id,
                    mentor_id=offered.mentor_id,
                    school_id=offered.school_id,
                    role=offered.role,
                    accepted_at=command.at,
                ),
            )
        case Accepted() | Active() | Paused() | HandoverPending() | Ended():
            return ()
        case Nothing():
            raise Refused("offer_unknown", "there is no such offer; offer the mentor first")
        case Cancelled(_, cancelled):
            raise Refused("offer_cancelled", f"this offer was cancelled ({cancelled.reason}); make a new one")
        case _:
            assert_never(state)


def cancel(state: Assignment, command: CancelOffer) -> Sequence[AssignmentFact]:
    """Let it go, also when it was agreed to."""
    match state:
        case Proposed(offered) | Accepted(offered):
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
        case Active() | Paused() | HandoverPending() | Ended():
            raise Refused("offer_already_agreed", "the assignment has begun; end it instead")
        case _:
            assert_never(state)


def activate(state: Assignment, command: Activate) -> Sequence[AssignmentFact]:
    """Begin, through the gate as of today and of the first day."""
    match state:
        case Accepted(offered):
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
                    child_slot=command.child_slot,
                    mentor_slot=command.mentor_slot,
                ),
            )
        case Active(course) | Paused(course) | HandoverPending(course):
            if course.assigned.effective_from == command.effective_from:
                return ()
            began = course.assigned.effective_from
            raise Refused("assignment_active", f"this assignment began on {began}; end it first")
        case Nothing():
            raise Refused("offer_unknown", "there is no such offer; offer the mentor first")
        case Proposed():
            raise Refused(
                "offer_not_accepted",
                "nobody has agreed to this offer yet; record that school, family and mentor accept it",
            )
        case Cancelled(_, cancelled):
            raise Refused("offer_cancelled", f"this offer was cancelled ({cancelled.reason}); make a new one")
        case Ended(_, ended):
            raise Refused(
                "assignment_ended", f"this assignment ended on {ended.ended_on}; offer the mentor anew"
            )
        case _:
            assert_never(state)
