"""The link between one mentor and one child."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from services.assignments.domain import exclusive, handover, offer, standing_aside, support
from services.assignments.domain.assignment_commands import (
    AcceptOffer,
    Activate,
    BeginCover,
    BeginHandover,
    CancelOffer,
    Command,
    EndAssignment,
    OfferMentor,
    OverrideHandover,
    PauseAssignment,
    RecordHandover,
    ResumeAssignment,
    StandAside,
    StandBack,
)
from services.assignments.domain.assignment_states import (
    Accepted,
    Active,
    Assignment,
    AssignmentFact,
    Cancelled,
    Course,
    Ended,
    HandoverPending,
    Nothing,
    Pause,
    Paused,
    Proposed,
)
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
from shared.kernel.decider import Claim, Decider


def decide(state: Assignment, command: Command) -> Sequence[AssignmentFact]:
    match command:
        case OfferMentor():
            return offer.offer(state, command)
        case AcceptOffer():
            return offer.accept(state, command)
        case CancelOffer():
            return offer.cancel(state, command)
        case Activate():
            return offer.activate(state, command)
        case BeginCover():
            return support.begin_cover(state, command)
        case PauseAssignment():
            return support.pause(state, command)
        case ResumeAssignment():
            return support.resume(state, command)
        case StandAside():
            return standing_aside.stand_aside(state, command)
        case StandBack():
            return standing_aside.stand_back(state, command)
        case BeginHandover():
            return handover.begin_handover(state, command)
        case RecordHandover():
            return handover.record_handover(state, command)
        case OverrideHandover():
            return handover.override_handover(state, command)
        case EndAssignment():
            return support.end(state, command)
        case _:
            assert_never(command)


def evolve(state: Assignment, fact: AssignmentFact) -> Assignment:
    match fact, state:
        case MentorOffered(), Nothing():
            return Proposed(fact)
        case OfferAccepted(), Proposed(offered):
            return Accepted(offered, fact)
        case OfferCancelled(), Proposed(offered) | Accepted(offered):
            return Cancelled(offered, fact)
        case MentorAssigned(), Accepted() | Nothing():
            return Active(Course(fact))
        case AssignmentPaused(), Active(course):
            return Paused(replace(course, pauses=(*course.pauses, Pause(fact))))
        case AssignmentResumed(), Paused(course):
            gone = replace(course.pauses[-1], resumed_on=fact.resumed_on)
            return Active(replace(course, pauses=(*course.pauses[:-1], gone)))
        case HandoverBegun(), Active(course) | Paused(course):
            return HandoverPending(course, fact)
        case AssignmentEnded(), Active(course) | Paused(course) | HandoverPending(course) | Ended(course):
            return Ended(course, fact)
        case _, Active(course) | Paused(course) | HandoverPending(course) | Ended(course):
            return replace(state, course=_during(course, fact))
        case _:
            return state


def _during(course: Course, fact: AssignmentFact) -> Course:
    """What changes without another step being reached."""
    match fact:
        case PrimaryStoodAside():
            others = {(day, cover_id) for day, cover_id in course.aside if day not in fact.days}
            return replace(course, aside=frozenset(others | {(day, fact.cover_id) for day in fact.days}))
        case PrimaryStoodBack():
            return replace(course, aside=course.aside - {(day, fact.cover_id) for day in fact.days})
        case HandoverRecorded() | HandoverOverridden():
            return replace(course, handover=fact)
        case _:
            return course


def claims(state: Assignment) -> frozenset[Claim]:
    """One primary at a time, for the child and for the mentor: both are held for the days of support.

    An ended assignment keeps its days, so that nobody can be assigned into the past on top of it. On the days that
    are paused or stood aside from, somebody else may be with the child. Cover's days are held by the cover.
    """
    if not isinstance(state, Active | Paused | HandoverPending | Ended):
        return frozenset()
    if state.course.assigned.role != "primary":
        return frozenset()
    return frozenset(_held(state))


def _held(state: Active | Paused | HandoverPending | Ended) -> Iterator[Claim]:
    course = state.course
    assigned = course.assigned
    child_id, slot = assigned.child_id, assigned.child_slot
    since = assigned.effective_from
    until = state.ended.ended_on if isinstance(state, Ended) else None
    if until is None or until > since:
        span = (since, until)
        yield exclusive.mentor_is(assigned.mentor_id, assigned.mentor_slot, span)
        yield exclusive.child_has(child_id, slot, span)
        yield exclusive.hands_over(child_id, slot, (since, since + timedelta(days=1)))
        away = [(pause.paused_from, pause.resumed_on) for pause in course.pauses]
        for there in exclusive.without(span, [*away, *exclusive.spans(course.days_aside)]):
            yield exclusive.is_with(child_id, slot, there)
    if until is not None and handover.owes_handover(state):
        yield exclusive.hands_over(child_id, slot, (until, None))


assignment: Decider[Assignment, Command] = Decider("assignment", Nothing(), decide, evolve, claims)
