"""How support is asked for: a request's way from its arrival to a mentor, or to an end before that."""

from datetime import date, timedelta

from deploy.seed.becoming import AREAS, NEEDS
from deploy.seed.hearing import parent_hears
from deploy.seed.history import Cause, Fields, Life
from deploy.seed.part import Part
from deploy.seed.people import Child, Mentor, School, Support
from deploy.seed.school_year import DAY, moment
from deploy.seed.supporting import supported
from deploy.seed.words import ANSWERS, QUESTIONS, SUMMARIES, person
from deploy.seed.words import NEEDS as IN_PLAIN_WORDS
from shared.contracts.assignments.assignment import MentorOffered, OfferAccepted, OfferCancelled
from shared.contracts.assignments.child import (
    ChildAccepted,
    ChildExited,
    ChildProfileUpdated,
    ChildReferred,
    Outcome,
    PlanReviewDue,
    ProvisionReviewed,
    ProvisionSpecified,
)
from shared.contracts.assignments.support_request import (
    InformationReceived,
    InformationRequested,
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestMatchLost,
    SupportRequestOffered,
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
    CurriculumLevel,
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
        yield from _not_taken_on(part, child, part.record(child.request_id, declined, coordinator, thread))
        return
    if fate == "withdrawn":
        gone = SupportRequestWithdrawn(**ids, reason="support_found_elsewhere", withdrawn_at=part.now)
        yield from _not_taken_on(part, child, part.record(child.request_id, gone, coordinator, thread))
        return
    yield from taken_on(part, child, thread, received_on)


def _not_taken_on(part: Part, child: Child, because: Cause) -> Life:
    """The child of a request that is over is nobody the agency knows any more."""
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


def reviews(part: Part, child: Child, due_on: date) -> Life:
    """The provision is looked at every twelve weeks, at times a little late."""
    chance, coordinator = part.chance, part.coordinator()
    while True:
        late = chance.of(0.3)
        held = due_on + DAY * (chance.between(1, 5) if late else -chance.between(1, 6))
        if late:
            yield moment(due_on, 30)
            if child.exited:
                return
            fact = PlanReviewDue(child_id=child.child_id, due_on=due_on)
            part.record(child.child_id, fact, "due:plan_review")
        yield part.working_hours(held)
        if child.exited:
            return
        due_on = part.today + DAY * 84
        reviewed = ProvisionReviewed(
            child_id=child.child_id,
            reviewed_on=part.today,
            decision="continue",
            summary=chance.pick(SUMMARIES[:2]),
            next_review_on=due_on,
        )
        part.record(child.child_id, reviewed, coordinator)


def made_up(part: Part, school: School) -> Child:
    """A child of that school whom nobody has heard of."""
    chance = part.chance
    age = chance.between(11, 15) if school.secondary else chance.between(5, 10)
    level: CurriculumLevel = (
        "key_stage_1"
        if age < 7
        else "key_stage_2"
        if age < 11
        else "key_stage_3"
        if age < 14
        else "key_stage_4"
    )
    a_day = part.agency.scale.sessions_a_day
    return Child(
        child_id=part.new_id(),
        name=person(chance),
        birth_date=date(part.today.year - age, chance.between(1, 12), chance.between(1, 28)),
        school=school,
        request_id=part.new_id(),
        areas=tuple(chance.some(AREAS, chance.between(2, 4))),
        needs=tuple(chance.some(NEEDS, chance.between(1, 3))),
        level=level,
        sessions_a_day=a_day // 10 + chance.of(a_day % 10 / 10),
    )


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
