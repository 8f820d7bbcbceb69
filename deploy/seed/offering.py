"""A mentor is proposed for a child: agreed to and begun, or somebody else is looked for."""

from datetime import timedelta

from deploy.seed.history import Fields, Life
from deploy.seed.part import Part
from deploy.seed.people import Child, Mentor, Support
from deploy.seed.school_year import DAY
from deploy.seed.supporting import supported
from shared.contracts.assignments.assignment import MentorOffered, OfferAccepted, OfferCancelled
from shared.contracts.assignments.support_request import (
    SupportRequestAccepted,
    SupportRequestMatchLost,
    SupportRequestOffered,
)
from shared.contracts.words.requests import Urgency, WaitlistReason
from shared.contracts.words.support import (
    Area,
    DeclineReason,
    OfferCancelReason,
    Requester,
)

REQUESTERS: tuple[Requester, ...] = ("parent", "school", "local_authority")
URGENCIES: tuple[Urgency, ...] = ("routine", "routine", "soon", "urgent")
WAITS: tuple[WaitlistReason, ...] = ("no_mentor_free", "awaiting_funding")
DECLINES: tuple[DeclineReason, ...] = ("no_capacity", "needs_not_met_by_mentoring")
CANCELS: tuple[OfferCancelReason, ...] = ("mentor_declined", "parent_declined", "school_declined")
GOALS: dict[Area, str] = {
    "speech_and_language": "Asks for help in a whole sentence.",
    "occupational": "Dresses for PE without help.",
    "behaviour_and_emotional": "Uses the break card before leaving the room.",
    "academic": "Works ten minutes at English or Maths alone.",
    "social": "Joins a game at break twice a week.",
    "personal_care": "Goes to the toilet with one reminder.",
}


def offer_life(part: Part, child: Child, mentor: Mentor) -> Life:
    """A mentor is proposed; school and family agree, or somebody else is looked for."""
    chance, coordinator, first_time = part.chance, part.coordinator(), child.first_time
    yield part.working_hours(part.today + DAY * chance.between(1, 2))
    if not mentor.deployable or mentor.left or child.exited:
        mentor.bound = False
        part.waiting.insert(0, child)
        return
    assignment_id = part.new_id()
    who: Fields = {
        "assignment_id": assignment_id,
        "child_id": child.child_id,
        "mentor_id": mentor.mentor_id,
        "school_id": child.school.school_id,
    }
    request: Fields = {
        "request_id": child.request_id,
        "child_id": child.child_id,
        "assignment_id": assignment_id,
    }
    offered = part.record(
        assignment_id, MentorOffered(**who, role="primary", offered_at=part.now), coordinator
    )
    yield part.now + timedelta(milliseconds=30)
    if first_time:
        known = SupportRequestOffered(**request, stage="offered", offered_at=part.now)
        part.record(child.request_id, known, "policy:follow_assignment", offered)
    yield part.working_hours(part.today + DAY * chance.between(1, 3))
    if chance.of(0.06) or not mentor.deployable:
        reason = chance.pick(CANCELS)
        cancelled = OfferCancelled(**who, reason=reason, cancelled_at=part.now)
        cause = part.record(assignment_id, cancelled, coordinator, offered)
        yield part.now + timedelta(milliseconds=30)
        if first_time:
            lost = SupportRequestMatchLost(**request, reason=reason, stage="matching", lost_at=part.now)
            part.record(child.request_id, lost, "policy:follow_assignment", cause)
        mentor.bound = False
        part.waiting.insert(0, child)
        yield part.now + timedelta(hours=3)
        part.match()
        return
    agreed = part.record(
        assignment_id, OfferAccepted(**who, role="primary", accepted_at=part.now), coordinator, offered
    )
    yield part.now + timedelta(milliseconds=30)
    if first_time:
        known_agreed = SupportRequestAccepted(**request, accepted_at=part.now)
        part.record(child.request_id, known_agreed, "policy:follow_assignment", agreed)
    yield part.now + chance.minutes(20, 120)
    begins = part.agency.school_days.next(max(part.agency.first_session_day, part.today + DAY))
    support = Support(assignment_id, child, mentor, "primary", begins)
    yield from supported(part, support, agreed, first_time)
