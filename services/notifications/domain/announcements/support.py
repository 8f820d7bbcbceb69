"""What is said of requests, assignments and handovers."""

from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    MentorAssigned,
    MentorOffered,
)
from shared.contracts.assignments.handover import HandoverBegun
from shared.contracts.assignments.support_request import SupportRequestReceived

SupportFact: TypeAlias = (
    SupportRequestReceived
    | MentorOffered
    | MentorAssigned
    | AssignmentPaused
    | AssignmentEnded
    | HandoverBegun
)


def said_of_support(fact: SupportFact) -> Announcement:
    match fact:
        case SupportRequestReceived():
            return Announcement(
                "request_received",
                f"request:{fact.request_id}",
                plain(requester_kind=fact.requester_kind, received_on=fact.received_at.date()),
                child_id=fact.child_id,
                school_id=fact.school_id,
            )
        case MentorOffered():
            return _of_assignment("match_offered", fact, plain(role=fact.role))
        case MentorAssigned():
            values = plain(
                role=fact.role, effective_from=fact.effective_from, effective_until=fact.effective_until
            )
            return _of_assignment("assignment_started", fact, values)
        case AssignmentPaused():
            values = plain(reason=fact.reason, paused_from=fact.paused_from, review_on=fact.review_on)
            return _of_assignment("assignment_paused", fact, values)
        case AssignmentEnded():
            return _of_assignment("assignment_ended", fact, plain(reason=fact.reason, ended_on=fact.ended_on))
        case HandoverBegun():
            return _of_assignment("handover_due", fact, plain(last_day=fact.last_day, reason=fact.reason))


def _of_assignment(type, fact, parameters):  # type: ignore[no-untyped-def]
    return Announcement(
        type,
        f"assignment:{fact.assignment_id}",
        parameters,
        child_id=fact.child_id,
        mentor_id=fact.mentor_id,
        school_id=fact.school_id,
    )
