"""A learning mentor's employment; whether they may be with a child is decided by training."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from services.assignments.domain import availability, employment
from services.assignments.domain.availability import KnownOf
from services.assignments.domain.mentor_commands import (
    Apply,
    Command,
    EngageMentor,
    GoOnLeave,
    LetMentorGo,
    ReportAbsence,
    Return,
    SetAvailability,
    UpdateProfile,
)
from services.assignments.domain.mentor_states import (
    Applicant,
    Engaged,
    Left,
    Mentor,
    MentorFact,
    OnLeave,
    Unknown,
)
from shared.contracts.assignments.mentor import (
    MentorAbsenceReported,
    MentorApplied,
    MentorAvailabilitySet,
    MentorEngaged,
    MentorLeft,
    MentorProfileUpdated,
    MentorReturned,
    MentorWentOnLeave,
)
from shared.kernel.decider import Decider, Refused


def decide(state: Mentor, command: Command) -> Sequence[MentorFact]:
    match command:
        case Apply():
            return employment.apply(state, command)
        case EngageMentor():
            return employment.engage(state, command)
        case GoOnLeave():
            return employment.go_on_leave(state, command)
        case Return(returned_on):
            return employment.come_back(state, returned_on)
        case LetMentorGo(left_on):
            return employment.let_go(state, left_on)
        case SetAvailability() | UpdateProfile() | ReportAbsence():
            match state:
                case Unknown():
                    raise Refused("mentor_unknown", "there is no such mentor; check the id")
                case Left(engaged, known, left_on) if _day_of(command) < left_on:
                    return availability.decide(engaged.mentor_id, known, command)
                case Left(_, _, left_on):
                    raise Refused("mentor_left", f"this mentor left on {left_on}; engage them anew first")
                case Applicant(applied, known):
                    return availability.decide(applied.mentor_id, known, command)
                case Engaged(engaged, known) | OnLeave(engaged, known):
                    return availability.decide(engaged.mentor_id, known, command)
                case _:
                    assert_never(state)
        case _:
            assert_never(command)


def _day_of(command: SetAvailability | UpdateProfile | ReportAbsence) -> date:
    """The day from which it counts: until they have left, who is leaving still works, and may fall ill."""
    match command:
        case SetAvailability(effective_from=day) | UpdateProfile(on=day) | ReportAbsence(absent_from=day):
            return day


def evolve(state: Mentor, fact: MentorFact) -> Mentor:
    match fact, state:
        case MentorApplied(), Unknown():
            return Applicant(fact, KnownOf())
        case MentorEngaged(), Unknown():
            return Engaged(fact, KnownOf())
        case MentorEngaged(), Applicant(_, known):
            return Engaged(fact, known)
        case MentorWentOnLeave(), Engaged(engaged, known):
            return OnLeave(engaged, known, fact)
        case MentorReturned(), OnLeave(engaged, known, leave):
            return Engaged(engaged, known, (leave, fact.returned_on))
        case MentorLeft(), Engaged(engaged, known) | OnLeave(engaged, known):
            return Left(engaged, known, fact.left_on)
        case (
            MentorAvailabilitySet() | MentorProfileUpdated() | MentorAbsenceReported(),
            Applicant() | Engaged() | OnLeave() | Left(),
        ):
            return replace(state, known=availability.evolve(state.known, fact))
        case _:
            return state


mentor: Decider[Mentor, Command] = Decider("mentor", Unknown(), decide, evolve)
