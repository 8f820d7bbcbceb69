"""A learning mentor's employment; whether they may be with a child is decided by training."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from services.assignments.domain import availability
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

MentorFact: TypeAlias = (
    MentorApplied
    | MentorEngaged
    | MentorWentOnLeave
    | MentorReturned
    | MentorLeft
    | MentorAvailabilitySet
    | MentorProfileUpdated
    | MentorAbsenceReported
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Never applied, never worked for the agency."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Wants to work for the agency."""

    applied: MentorApplied
    known: KnownOf


@dataclass(frozen=True, slots=True)
class Engaged:
    """Works for the agency; `returned` is the last leave that is over, and the first day after it."""

    engaged: MentorEngaged
    known: KnownOf
    returned: tuple[MentorWentOnLeave, date] | None = None


@dataclass(frozen=True, slots=True)
class OnLeave:
    """Works for the agency, and is away for longer."""

    engaged: MentorEngaged
    known: KnownOf
    leave: MentorWentOnLeave


@dataclass(frozen=True, slots=True)
class Left:
    """Worked for the agency."""

    engaged: MentorEngaged
    known: KnownOf
    left_on: date


Mentor: TypeAlias = Unknown | Applicant | Engaged | OnLeave | Left


def decide(state: Mentor, command: Command) -> Sequence[MentorFact]:
    match command:
        case Apply():
            return _apply(state, command)
        case EngageMentor():
            return _engage(state, command)
        case GoOnLeave():
            return _go_on_leave(state, command)
        case Return(returned_on):
            return _return(state, returned_on)
        case LetMentorGo(left_on):
            return _let_go(state, left_on)
        case SetAvailability() | UpdateProfile() | ReportAbsence():
            match state:
                case Unknown():
                    raise Refused("mentor_unknown", "there is no such mentor; check the id")
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


def _apply(state: Mentor, command: Apply) -> Sequence[MentorFact]:
    applied = MentorApplied(
        mentor_id=command.mentor_id, name=command.name, email=command.email, applied_on=command.on
    )
    match state:
        case Unknown():
            return (applied,)
        case Applicant(known) if known == applied:
            return ()
        case Applicant():
            raise Refused("mentor_already_applied", "this application was received before; engage the mentor")
        case Engaged() | OnLeave() | Left():
            raise Refused("mentor_already_engaged", "this mentor was engaged before; apply with a new id")
        case _:
            assert_never(state)


def _engage(state: Mentor, command: EngageMentor) -> Sequence[MentorFact]:
    engaged = MentorEngaged(
        mentor_id=command.mentor_id, name=command.name, email=command.email, engaged_on=command.on
    )
    match state:
        case Applicant(applied) if command.on < applied.applied_on:
            raise Refused(
                "invalid_engaged_on", f"applied on {applied.applied_on}; engage from that day or later"
            )
        case Unknown() | Applicant():
            return (engaged,)
        case Engaged(known) | OnLeave(known) | Left(known):
            if known == engaged:
                return ()
            raise Refused("mentor_already_engaged", "this mentor was engaged before; engage with a new id")
        case _:
            assert_never(state)


def _go_on_leave(state: Mentor, command: GoOnLeave) -> Sequence[MentorFact]:
    match state:
        case Engaged(engaged, _, returned):
            earliest = max(engaged.engaged_on, returned[1] if returned else date.min)
            if command.leave_from < earliest:
                raise Refused("invalid_leave_from", f"leave can begin on {earliest} or later; give that day")
            return (_leave(engaged, command),)
        case OnLeave(engaged, _, leave):
            if leave == _leave(engaged, command):
                return ()
            raise Refused(
                "mentor_on_leave", f"on leave from {leave.leave_from} already; record the return first"
            )
        case _:
            raise _not_employed(state)


def _leave(engaged: MentorEngaged, command: GoOnLeave) -> MentorWentOnLeave:
    if command.expected_back_on is not None and command.expected_back_on <= command.leave_from:
        raise Refused("invalid_expected_back_on", "leave has at least one day; give a day after it begins")
    return MentorWentOnLeave(
        mentor_id=engaged.mentor_id,
        leave_from=command.leave_from,
        expected_back_on=command.expected_back_on,
        kind=command.kind,
    )


def _return(state: Mentor, returned_on: date) -> Sequence[MentorFact]:
    match state:
        case OnLeave(engaged, _, leave):
            if returned_on < leave.leave_from:
                raise Refused(
                    "invalid_returned_on",
                    f"on leave from {leave.leave_from}; give that day (to undo it) or a later one",
                )
            return (
                MentorReturned(
                    mentor_id=engaged.mentor_id, leave_from=leave.leave_from, returned_on=returned_on
                ),
            )
        case Engaged(_, _, (_, known)) if known == returned_on:
            return ()
        case Engaged():
            raise Refused("mentor_not_on_leave", "this mentor is not on leave; nothing is to be recorded")
        case _:
            raise _not_employed(state)


def _let_go(state: Mentor, left_on: date) -> Sequence[MentorFact]:
    match state:
        case Engaged(engaged) | OnLeave(engaged):
            if left_on < engaged.engaged_on:
                raise Refused(
                    "invalid_left_on", f"engaged on {engaged.engaged_on}, so can't have left on {left_on}"
                )
            return (MentorLeft(mentor_id=engaged.mentor_id, left_on=left_on),)
        case Left(_, _, known_left_on) if left_on == known_left_on:
            return ()
        case _:
            raise _not_employed(state)


def _not_employed(state: Mentor) -> Refused:
    match state:
        case Left(_, _, left_on):
            return Refused("mentor_already_left", f"this mentor left on {left_on}")
        case Applicant():
            return Refused("mentor_not_engaged", "this mentor has only applied; engage them first")
        case _:
            return Refused("mentor_not_engaged", "this mentor was never engaged; check the id")


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
