"""Requests follow assignments: what is offered, agreed, begun and undone moves the request and the child."""

from collections.abc import Iterator
from typing import TypeAlias
from uuid import UUID

from services.assignments.domain.child import ActivateChild, child
from services.assignments.domain.support_request import (
    NoteAgreement,
    NoteLoss,
    NoteOffer,
    NoteSupport,
    support_request,
)
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    OfferAccepted,
    OfferCancelled,
)
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

Link: TypeAlias = MentorOffered | OfferAccepted | OfferCancelled | MentorAssigned | AssignmentEnded
LINKS = (MentorOffered, OfferAccepted, OfferCancelled, MentorAssigned, AssignmentEnded)


def follow_assignment(recorded: Recorded[Link], request_id: UUID | None) -> Iterator[Issue]:
    """A mentor who covers answers no request: only a mentor of the child's own does.

    `request_id` is the request on which the child is here; None when it came back without one.
    """
    fact = recorded.fact
    at, made = recorded.recorded_at, fact.assignment_id
    match fact:
        case MentorOffered(role="primary") if request_id:
            yield Issue(support_request, request_id, NoteOffer(made, fact.offered_at))
        case OfferAccepted(role="primary") if request_id:
            yield Issue(support_request, request_id, NoteAgreement(made, fact.accepted_at))
        case OfferCancelled() if request_id:
            yield Issue(support_request, request_id, NoteLoss(made, fact.reason, fact.cancelled_at))
        case MentorAssigned(role="primary"):
            yield Issue(child, fact.child_id, ActivateChild(made, fact.effective_from))
            if request_id:
                yield Issue(support_request, request_id, NoteSupport(made, fact.effective_from, at))
        case AssignmentEnded(role="primary") if request_id:
            yield Issue(support_request, request_id, NoteLoss(made, fact.reason, at, fact.ended_on))
        case _:
            return
