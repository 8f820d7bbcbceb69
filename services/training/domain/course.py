"""A course of the training programme, in one version: drafted, published, retired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.training.course import CourseDrafted, CoursePublished, CourseRetired
from shared.contracts.words.training import Track
from shared.kernel.decider import Claim, Decider, Refused

LONGEST_SAFEGUARDING = 12
"""Months: a safeguarding update counts for a year at most."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Prepare a course, or change its draft. `valid_months` is how long completing it certifies; None is for good."""

    course_id: UUID
    track: Track
    title: str
    version: int
    valid_months: int | None
    on: date


@dataclass(frozen=True, slots=True)
class Publish(Draft):
    """Draft it and publish it in one go."""


@dataclass(frozen=True, slots=True)
class PublishDraft:
    """Offer the course as it was drafted."""

    on: date


@dataclass(frozen=True, slots=True)
class Retire:
    """Assign it to nobody any more."""

    on: date


Command: TypeAlias = Draft | Publish | PublishDraft | Retire
CourseFact: TypeAlias = CourseDrafted | CoursePublished | CourseRetired


@dataclass(frozen=True, slots=True)
class Unheard:
    """Nobody has drafted it yet."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """It is being prepared."""

    course: CourseDrafted


@dataclass(frozen=True, slots=True)
class Published:
    """It may be assigned."""

    course: CoursePublished


@dataclass(frozen=True, slots=True)
class Retired:
    """It is history."""

    course: CoursePublished


Course: TypeAlias = Unheard | Drafted | Published | Retired


def decide(state: Course, command: Command) -> Sequence[CourseFact]:
    match state, command:
        case Unheard(), Publish():
            check_validity(command)
            drafted = _drafted(command)
            return drafted, _published(drafted, command.on)
        case ((Drafted() | Unheard()), Draft()) if not isinstance(command, Publish):
            check_validity(command)
            drafted = _drafted(command)
            return () if isinstance(state, Drafted) and _same(state.course, command) else (drafted,)
        case ((Published(course) | Retired(course)), Draft()):
            if isinstance(command, Publish) and _same(course, command):
                return ()
            raise Refused("already_published", "This course is published; publish a new version beside it.")
        case Drafted(course), PublishDraft(on):
            return (_published(course, on),)
        case Published(), PublishDraft():
            return ()
        case Published(course), Retire(on):
            return (CourseRetired(course_id=course.course_id, retired_on=on),)
        case Retired(), Retire():
            return ()
        case Retired(), _:
            raise Refused("course_retired", "This course is retired; draft its next version.")
        case _:
            raise Refused(
                "course_not_published", "There is no such course, or only a draft; publish it first."
            )


def evolve(state: Course, fact: CourseFact) -> Course:
    match state, fact:
        case _, CourseDrafted():
            return Drafted(fact)
        case _, CoursePublished():
            return Published(fact)
        case ((Published(course) | Retired(course)), CourseRetired()):
            return Retired(course)
        case _:
            return state


def claims(state: Course) -> frozenset[Claim]:
    """A version number of a title is used once, for ever."""
    if isinstance(state, Unheard):
        return frozenset()
    course = state.course
    key = f"course:{course.track}:{course.title.casefold()}:{course.version}"
    message = f"{course.title} already has a version {course.version}; take the next one."
    return frozenset((Claim(key, "version_taken", message),))


course: Decider[Course, Command] = Decider("course", Unheard(), decide, evolve, claims)


def check_validity(command: Draft) -> None:
    """What may be said of each track: induction is for good, every other one has to be renewed."""
    if not command.title.strip():
        raise Refused("invalid_title", "Give the course a title.")
    if command.version < 1:
        raise Refused("invalid_version", "Versions are numbered from 1.")
    if wrong := wrong_months(command.track, command.valid_months):
        raise Refused("invalid_valid_months", wrong)


def wrong_months(track: Track, months: int | None) -> str | None:
    """Why a track may not certify for so many months; None when it may."""
    if track == "induction":
        return None if months is None else "Induction never expires; leave valid_months out."
    if months is None or months < 1:
        return f"Say for how many months completing {track} certifies."
    if track == "safeguarding" and months > LONGEST_SAFEGUARDING:
        return "A safeguarding update counts for 12 months at most."
    return None


def _drafted(command: Draft) -> CourseDrafted:
    return CourseDrafted(
        course_id=command.course_id,
        track=command.track,
        title=command.title,
        version=command.version,
        valid_months=command.valid_months,
        drafted_on=command.on,
    )


def _published(draft: CourseDrafted, on: date) -> CoursePublished:
    return CoursePublished(**draft.model_dump(exclude={"drafted_on"}), published_on=on)


def _same(course: CourseDrafted | CoursePublished, command: Draft) -> bool:
    """Whether the command says again what is known, on whatever day."""
    days = {"drafted_on", "published_on"}
    return course.model_dump(exclude=days) == _drafted(command).model_dump(exclude=days)
