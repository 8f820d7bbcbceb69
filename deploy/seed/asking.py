"""How support is asked for: a request's way to a child who waits for a mentor, or to an end before that."""

from datetime import date, timedelta

from deploy.seed.derived import request_claims
from deploy.seed.hearing import parent_hears
from deploy.seed.history import Cause, Fields, Life
from deploy.seed.invented import made_up
from deploy.seed.part import Part
from deploy.seed.people import Child, School
from deploy.seed.reviewing import reviews
from deploy.seed.school_year import DAY
from deploy.seed.words import ANSWERS, QUESTIONS, person
from deploy.seed.words import NEEDS as IN_PLAIN_WORDS
from shared.contracts.assignments.child import (
    ChildAccepted,
    ChildExited,
    ChildProfileUpdated,
    ChildReferred,
    Outcome,
    ProvisionSpecified,
)
from shared.contracts.assignments.support_request import (
    InformationReceived,
    InformationRequested,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestResumed,
    SupportRequestTakenOn,
    SupportRequestTriaged,
    SupportRequestWaitlisted,
    SupportRequestWithdrawn,
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


def request_life(part: Part, school: School, fate: str) -> Life:
    """A child who is to be supported; `fate` is how far the request comes."""
    chance, coordinator = part.chance, part.coordinator()
    child = made_up(part, school)
    part.children[child.child_id] = child
    requester: Requester = chance.pick(REQUESTERS)
    ids: Fields = {"request_id": child.request_id, "child_id": child.child_id}
    received = part.record(
        child.request_id,
        SupportRequestReceived(
            **ids,
            school_id=school.school_id,
            requester_kind=requester,
            child_name=child.name,
            needs=chance.pick(IN_PLAIN_WORDS),
            received_at=part.now,
            requester_name=person(chance) if requester != "local_authority" else None,
        ),
        coordinator,
    )
    part.history.hold("assignments", child.request_id, *request_claims(child.child_id, child.request_id))
    yield part.now + timedelta(milliseconds=60)
    received_on = part.today
    referred = ChildReferred(**ids, school_id=school.school_id, name=child.name, referred_on=received_on)
    part.record(child.child_id, referred, "policy:follow_request", received)
    if fate == "received":
        return
    yield part.working_hours(part.today + DAY * chance.between(1, 2))
    urgency = chance.pick(URGENCIES)
    triaged = SupportRequestTriaged(
        **ids, urgency=urgency, areas=child.areas, stage="triaged", triaged_at=part.now
    )
    thread = part.record(child.request_id, triaged, coordinator, received)
    if fate == "triaged":
        return
    if fate == "asked" or chance.of(0.2):
        answer_due = part.today + DAY * 10
        asked = InformationRequested(
            **ids, question=chance.pick(QUESTIONS), answer_due_on=answer_due, requested_at=part.now
        )
        part.record(child.request_id, asked, coordinator, thread)
        if fate == "asked":
            return
        yield part.working_hours(part.today + DAY * chance.between(1, 4))
        answer = InformationReceived(**ids, answer=chance.pick(ANSWERS), received_at=part.now)
        part.record(child.request_id, answer, coordinator, thread)
    if fate == "waitlisted" or chance.of(0.08):
        waits = SupportRequestWaitlisted(
            **ids,
            reason=chance.pick(WAITS),
            review_on=part.today + DAY * 28,
            waitlisted_at=part.now,
        )
        part.record(child.request_id, waits, coordinator, thread)
        if fate == "waitlisted":
            return
        yield part.working_hours(part.today + DAY * chance.between(3, 9))
        resumed = SupportRequestResumed(**ids, stage="triaged", resumed_at=part.now)
        part.record(child.request_id, resumed, coordinator, thread)
    yield part.now + chance.minutes(15, 90)
    if fate == "declined":
        why = chance.pick(DECLINES)
        declined = SupportRequestDeclined(**ids, reason=why, declined_at=part.now)
        over = part.record(child.request_id, declined, coordinator, thread)
        yield from _not_taken_on(part, child, over)
        return
    if fate == "withdrawn":
        gone = SupportRequestWithdrawn(**ids, reason="support_found_elsewhere", withdrawn_at=part.now)
        over = part.record(child.request_id, gone, coordinator, thread)
        yield from _not_taken_on(part, child, over)
        return
    yield from taken_on(part, child, thread, received_on)


def _not_taken_on(part: Part, child: Child, because: Cause) -> Life:
    """The child of a request that is over is nobody the agency knows any more."""
    part.history.hold("assignments", child.request_id)
    yield part.now + timedelta(milliseconds=50)
    exited = ChildExited(child_id=child.child_id, reason="not_taken_on", exited_on=part.today)
    part.record(child.child_id, exited, "policy:follow_request", because)


def taken_on(part: Part, child: Child, thread: Cause, received_on: date) -> Life:
    """The child is the agency's from now on, and waits for a mentor."""
    chance, coordinator = part.chance, part.coordinator()
    ids: Fields = {"request_id": child.request_id, "child_id": child.child_id}
    child.outcomes = tuple(
        Outcome(outcome_id=part.new_id(), area=area, text=GOALS[area]) for area in child.areas[:3]
    )
    provision: Fields = {
        "minutes_per_week": child.sessions_a_day * 5 * 60,
        "areas": child.areas,
        "effective_from": part.today,
        "outcomes": child.outcomes,
        "next_review_on": part.today + DAY * 84,
    }
    taken = SupportRequestTakenOn(
        **ids,
        school_id=child.school.school_id,
        child_name=child.name,
        birth_date=child.birth_date,
        taken_on_at=part.now,
        received_on=received_on,
        **provision,
    )
    cause = part.record(child.request_id, taken, coordinator, thread)
    part.history.hold("assignments", child.request_id)
    yield part.now + timedelta(milliseconds=50)
    accepted = ChildAccepted(
        **ids,
        school_id=child.school.school_id,
        name=child.name,
        birth_date=child.birth_date,
        accepted_on=part.today,
    )
    part.record(child.child_id, accepted, "policy:follow_request", cause)
    specified = ProvisionSpecified(child_id=child.child_id, **provision)
    part.record(child.child_id, specified, "policy:follow_request", cause)
    yield part.now + chance.minutes(5, 40)
    parent_hears(part, child)
    profile = ChildProfileUpdated(
        child_id=child.child_id,
        needs=child.needs,
        curriculum_level=child.level,
        languages=("en",),
        updated_on=part.today,
    )
    part.record(child.child_id, profile, coordinator, thread)
    part.waiting.append(child)
    part.begin(reviews(part, child, provision["next_review_on"]))
    part.match()
