"""Who works for the agency, when they can, and what they bring."""

from collections.abc import Iterator
from typing import assert_never, get_args

from services.assignments.domain.mentor_states import MentorFact
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
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row


def mentors(recorded: Recorded[MentorFact]) -> Iterator[Row]:
    """Who applied, who works for the agency, who is on leave, and who left."""
    fact = recorded.fact
    key = {"mentor_id": fact.mentor_id}
    match fact:
        case MentorApplied():
            applied = {"name": fact.name, "email": fact.email, "applied_on": fact.applied_on}
            yield Put("mentors", key, applied | {"employment": "applicant"})
        case MentorEngaged():
            engaged = {"name": fact.name, "email": fact.email, "engaged_on": fact.engaged_on}
            yield Put("mentors", key, engaged | {"employment": "engaged"})
        case MentorLeft():
            yield Put("mentors", key, {"left_on": fact.left_on, "employment": "left"})
        case MentorWentOnLeave():
            away = {"leave_from": fact.leave_from, "expected_back_on": fact.expected_back_on}
            yield Put("mentors", key, away | {"employment": "on_leave"})
            leave = {"expected_back_on": fact.expected_back_on, "kind": fact.kind, "returned_on": None}
            yield Put("mentor_leaves", key | {"leave_from": fact.leave_from}, leave)
        case MentorReturned():
            back = {"leave_from": None, "expected_back_on": None, "employment": "engaged"}
            yield Put("mentors", key, back)
            if fact.leave_from == fact.returned_on:
                yield Drop("mentor_leaves", key | {"leave_from": fact.leave_from})
            else:
                leave_over = {"returned_on": fact.returned_on}
                yield Put("mentor_leaves", key | {"leave_from": fact.leave_from}, leave_over)
        case MentorAvailabilitySet():
            available = {"minutes_per_week": fact.minutes_per_week, "weekdays": fact.weekdays}
            yield Put("mentor_availabilities", key | {"effective_from": fact.effective_from}, available)
        case MentorProfileUpdated():
            profile = dict(fact)
            del profile["mentor_id"]
            yield Put("mentor_profiles", key, profile)
        case MentorAbsenceReported():
            absence = {"absent_until": fact.absent_until, "reason": fact.reason}
            reported = absence | {"reported_at": fact.reported_at}
            yield Put("mentor_absences", key | {"absent_from": fact.absent_from}, reported)
        case _:
            assert_never(fact)


MENTORS = Projection(
    "mentors",
    get_args(MentorFact),
    ("mentors", "mentor_leaves", "mentor_availabilities", "mentor_profiles", "mentor_absences"),
    mentors,
)
