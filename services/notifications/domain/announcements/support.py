"""What is said of requests, assignments, plans and transfers."""

from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    MentorAssigned,
    MentorOffered,
)
from shared.contracts.assignments.child import PlanReviewDue
from shared.contracts.assignments.handover import HandoverBegun
from shared.contracts.assignments.region_transfer import (
    RegionTransferAccepted,
    RegionTransferRejected,
    RegionTransferRequested,
)
from shared.contracts.assignments.support_request import (
    InformationRequested,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestWaitlisted,
)
from shared.contracts.words.telling import NotificationType

OfAssignment: TypeAlias = MentorOffered | MentorAssigned | AssignmentPaused | AssignmentEnded | HandoverBegun
OfRequest: TypeAlias = (
    SupportRequestReceived | InformationRequested | SupportRequestWaitlisted | SupportRequestDeclined
)
OfTransfer: TypeAlias = RegionTransferRequested | RegionTransferAccepted | RegionTransferRejected
SupportFact: TypeAlias = OfRequest | OfAssignment | OfTransfer | PlanReviewDue


def said_of_support(fact: SupportFact) -> Announcement:
    match fact:
        case MentorOffered() | MentorAssigned() | AssignmentPaused() | AssignmentEnded() | HandoverBegun():
            return _of_assignment(fact)
        case RegionTransferRequested() | RegionTransferAccepted() | RegionTransferRejected():
            return _of_transfer(fact)
        case PlanReviewDue():
            thread = f"plan:{fact.child_id}"
            return Announcement("plan_review_due", thread, plain(due_on=fact.due_on), child_id=fact.child_id)
        case _:
            return _of_request(fact)


def _of_request(fact: OfRequest) -> Announcement:
    type: NotificationType
    match fact:
        case SupportRequestReceived():
            type = "request_received"
            values = plain(requester_kind=fact.requester_kind, received_on=fact.received_at.date())
        case InformationRequested():
            type, values = "request_information_needed", plain(answer_due_on=fact.answer_due_on)
        case SupportRequestWaitlisted():
            type, values = "request_waitlisted", plain(reason=fact.reason, review_on=fact.review_on)
        case _:
            type, values = "request_declined", plain(reason=fact.reason)
    school = fact.school_id if isinstance(fact, SupportRequestReceived) else None
    thread = f"request:{fact.request_id}"
    return Announcement(type, thread, values, child_id=fact.child_id, school_id=school)


def _of_assignment(fact: OfAssignment) -> Announcement:
    """Why a pause or an end came about may tell of somebody's health; that is read in the application."""
    type: NotificationType
    match fact:
        case MentorOffered():
            type, values = "match_offered", plain(role=fact.role)
        case MentorAssigned():
            type = "assignment_started"
            values = plain(
                role=fact.role, effective_from=fact.effective_from, effective_until=fact.effective_until
            )
        case AssignmentPaused():
            type, values = "assignment_paused", plain(paused_from=fact.paused_from, review_on=fact.review_on)
        case AssignmentEnded():
            type, values = "assignment_ended", plain(role=fact.role, ended_on=fact.ended_on)
        case _:
            type, values = "handover_due", plain(last_day=fact.last_day)
    return Announcement(
        type,
        f"assignment:{fact.assignment_id}",
        values,
        child_id=fact.child_id,
        mentor_id=fact.mentor_id,
        school_id=fact.school_id,
    )


def _of_transfer(fact: OfTransfer) -> Announcement:
    thread = f"transfer:{fact.transfer_id}"
    match fact:
        case RegionTransferRequested():
            values = plain(from_region=fact.from_region, to_region=fact.to_region, reason=fact.reason)
            return Announcement("transfer_requested", thread, values, child_id=fact.child_id)
        case RegionTransferAccepted():
            values = plain(to_region=fact.to_region, effective_on=fact.effective_on)
            return Announcement("transfer_accepted", thread, values, child_id=fact.child_id)
        case RegionTransferRejected():
            values = plain(reason=fact.reason)
            return Announcement("transfer_rejected", thread, values, child_id=fact.child_id)
