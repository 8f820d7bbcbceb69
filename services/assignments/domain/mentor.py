"""A learning mentor's employment; whether they may be with a child is decided by training."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.kernel.decider import Decider, Refused

MentorFact: TypeAlias = MentorEngaged | MentorLeft


@dataclass(frozen=True, slots=True)
class EngageMentor:
    """Somebody begins to work for the agency."""

    mentor_id: UUID
    name: str
    email: str
    on: date


@dataclass(frozen=True, slots=True)
class LetMentorGo:
    """Somebody no longer works for the agency from this day on."""

    left_on: date


Command: TypeAlias = EngageMentor | LetMentorGo


@dataclass(frozen=True, slots=True)
class NotEngaged:
    """Never worked for the agency."""


@dataclass(frozen=True, slots=True)
class Engaged:
    """Works for the agency."""

    engaged: MentorEngaged


@dataclass(frozen=True, slots=True)
class Left:
    """Worked for the agency."""

    engaged: MentorEngaged
    left_on: date


Mentor: TypeAlias = NotEngaged | Engaged | Left


def decide(state: Mentor, command: Command) -> Sequence[MentorFact]:
    match command:
        case EngageMentor():
            return _engage(state, command)
        case LetMentorGo(left_on):
            return _let_go(state, left_on)


def _engage(state: Mentor, command: EngageMentor) -> Sequence[MentorFact]:
    match state:
        case NotEngaged():
            return (_engaged(command),)
        case Engaged(known) | Left(known):
            if known == _engaged(command):
                return ()
            raise Refused("mentor_already_engaged", "this mentor was engaged before; engage with a new id")


def _let_go(state: Mentor, left_on: date) -> Sequence[MentorFact]:
    match state:
        case Engaged(known):
            if left_on < known.engaged_on:
                raise Refused(
                    "invalid_left_on", f"engaged on {known.engaged_on}, so can't have left on {left_on}"
                )
            return (MentorLeft(mentor_id=known.mentor_id, left_on=left_on),)
        case Left(_, known_left_on):
            if left_on == known_left_on:
                return ()
            raise Refused("mentor_already_left", f"this mentor left on {known_left_on}")
        case NotEngaged():
            raise Refused("mentor_not_engaged", "this mentor was never engaged; check the id")


def _engaged(command: EngageMentor) -> MentorEngaged:
    return MentorEngaged(
        mentor_id=command.mentor_id, name=command.name, email=command.email, engaged_on=command.on
    )


def evolve(state: Mentor, fact: MentorFact) -> Mentor:
    match fact, state:
        case MentorEngaged(), NotEngaged():
            return Engaged(fact)
        case MentorLeft(), Engaged(engaged):
            return Left(engaged, fact.left_on)
        case _:
            return state


mentor: Decider[Mentor, Command] = Decider("mentor", NotEngaged(), decide, evolve)
