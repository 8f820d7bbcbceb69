"""Courses assigned, and taken back, because of what happened to a mentor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from services.training.domain.enrolment import enrolment
from services.training.domain.enrolment_commands import Assign, Withdraw
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.training.certification import CertificationWindowOpened
from shared.contracts.words.training import RequiredBy, Track
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

_BY_POLICY = UUID("5a1f5b0c-0f6d-5b53-9d5b-8a3f6a7c2e44")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A track that a mentor is to be trained in, and the newest course that does it."""

    track: Track
    course_id: UUID
    complete_within_days: int


def assign_programme(recorded: Recorded[MentorEngaged], wanted: Sequence[Wanted]) -> Iterator[Issue]:
    """A new mentor is assigned what the programme asks for and they do not have."""
    mentor_id, today = recorded.fact.mentor_id, recorded.recorded_at.date()
    begins = max(today, recorded.fact.engaged_on)
    for found in wanted:
        due_on = begins + timedelta(days=found.complete_within_days)
        cause = f"programme:{mentor_id}:{found.track}"
        yield _assign(cause, mentor_id, found, due_on, today, "programme")


def assign_renewal(
    recorded: Recorded[CertificationWindowOpened], wanted: Sequence[Wanted]
) -> Iterator[Issue]:
    """When a certification may be renewed, its mentor is assigned the course, to be done before it ends."""
    opened, today = recorded.fact, recorded.recorded_at.date()
    for found in wanted:
        due_on = max(today, min(opened.valid_until, today + timedelta(days=found.complete_within_days)))
        cause = f"renewal:{opened.certification_id}"
        yield _assign(cause, opened.mentor_id, found, due_on, today, "renewal")


def leave_courses(recorded: Recorded[MentorLeft], open_enrolments: Sequence[UUID]) -> Iterator[Issue]:
    """Who has left is taken off the courses that were not completed."""
    for enrolment_id in open_enrolments:
        yield Issue(enrolment, enrolment_id, Withdraw("mentor_left", recorded.recorded_at.date()))


def _assign(
    cause: str, mentor_id: UUID, found: Wanted, due_on: date, today: date, required_by: RequiredBy
) -> Issue:
    """The enrolment's id is made from its cause, so that a replay assigns nothing twice."""
    stream = uuid5(_BY_POLICY, cause)
    command = Assign(
        enrolment_id=stream,
        mentor_id=mentor_id,
        course_id=found.course_id,
        track=found.track,
        due_on=due_on,
        on=today,
        required_by=required_by,
    )
    return Issue(enrolment, stream, command)
