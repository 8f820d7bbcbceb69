"""A course of the training programme, in one version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.training.course import CoursePublished, CourseRetired
from shared.contracts.words.training import Track
from shared.kernel.decider import Claim, Decider, Refused

LONGEST_SAFEGUARDING = 12
"""Months: a safeguarding update counts for a year at most."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Offer a course. `valid_months` is how long completing it certifies; None is for good."""

    course_id: UUID
    track: Track
    title: str
    version: int
    valid_months: int | None
    on: date


@dataclass(frozen=True, slots=True)
class Retire:
    """Assign it to nobody any more."""

    on: date


Command: TypeAlias = Publish | Retire
CourseFact: TypeAlias = CoursePublished | CourseRetired


@dataclass(frozen=True, slots=True)
class Unpublished:
    """Nobody has published it yet."""


@dataclass(frozen=True, slots=True)
class Published:
    """It may be assigned."""

    course: CoursePublished


@dataclass(frozen=True, slots=True)
class Retired:
    """It is history."""

    course: CoursePublished


Course: TypeAlias = Unpublished | Published | Retired


def decide(state: Course, command: Command) -> Sequence[CourseFact]:
    match state, command:
        case Unpublished(), Publish():
            _check(command)
            return (_published(command),)
        case ((Published(course) | Retired(course)), Publish()):
            if _same(course, command):
                return ()
            raise Refused("already_published", "This course is published; publish a new version beside it.")
        case Published(course), Retire(on):
            return (CourseRetired(course_id=course.course_id, retired_on=on),)
        case Retired(), Retire():
            return ()
        case _:
            raise Refused("course_not_published", "There is no such course; publish it first.")


def evolve(state: Course, fact: CourseFact) -> Course:
    match state, fact:
        case _, CoursePublished():
            return Published(fact)
        case ((Published(course) | Retired(course)), CourseRetired()):
            return Retired(course)
        case _:
            return state


def claims(state: Course) -> frozenset[Claim]:
    """A version number of a title is used once, for ever."""
    if isinstance(state, Unpublished):
        return frozenset()
    course = state.course
    key = f"course:{course.track}:{course.title.casefold()}:{course.version}"
    message = f"{course.title} already has a version {course.version}; publish it as the next one."
    return frozenset((Claim(key, "version_taken", message),))


course: Decider[Course, Command] = Decider("course", Unpublished(), decide, evolve, claims)


def _check(command: Publish) -> None:
    """What the programme says of each track: induction is for good, every other one has to be renewed."""
    if not command.title.strip():
        raise Refused("invalid_title", "Give the course a title.")
    if command.version < 1:
        raise Refused("invalid_version", "Versions are numbered from 1.")
    months = command.valid_months
    if command.track == "induction":
        if months is not None:
            raise Refused("invalid_valid_months", "Induction never expires; leave valid_months out.")
    elif months is None or months < 1:
        raise Refused("invalid_valid_months", "Say for how many months completing this course certifies.")
    elif command.track == "safeguarding" and months > LONGEST_SAFEGUARDING:
        raise Refused("invalid_valid_months", "A safeguarding update counts for 12 months at most.")


def _published(command: Publish) -> CoursePublished:
    return CoursePublished(
        course_id=command.course_id,
        track=command.track,
        title=command.title,
        version=command.version,
        valid_months=command.valid_months,
        published_on=command.on,
    )


def _same(course: CoursePublished, command: Publish) -> bool:
    """Whether the command says again what was published, on whatever day."""
    return course == _published(command).model_copy(update={"published_on": course.published_on})
