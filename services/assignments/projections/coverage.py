"""Who was proposed, and who supports whom."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.assignment import AssignmentFact
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    OfferCancelled,
)
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def coverage(recorded: Recorded[AssignmentFact]) -> Iterator[Row]:
    """Who was proposed, who supports whom since when, and when each of it was recorded."""
    fact = recorded.fact
    key = {"assignment_id": fact.assignment_id}
    match fact:
        case MentorOffered():
            yield Put(
                "assignments",
                key,
                {
                    "child_id": fact.child_id,
                    "mentor_id": fact.mentor_id,
                    "school_id": fact.school_id,
                    "role": fact.role,
                    "status": "offered",
                    "offered_at": fact.offered_at,
                },
            )
        case OfferCancelled():
            cancelled = {"status": "cancelled", "reason": fact.reason, "cancelled_at": fact.cancelled_at}
            yield Put("assignments", key, cancelled)
        case MentorAssigned():
            yield Put(
                "assignments",
                key,
                {
                    "school_id": fact.school_id,
                    "status": "active",
                    "effective_from": fact.effective_from,
                    "assigned_recorded_at": recorded.recorded_at,
                },
            )
        case AssignmentEnded():
            yield Put(
                "assignments",
                key,
                {
                    "status": "ended",
                    "reason": fact.reason,
                    "ended_on": fact.ended_on,
                    "ended_recorded_at": recorded.recorded_at,
                },
            )
        case _:
            assert_never(fact)


COVERAGE = Projection(
    "coverage",
    (MentorOffered, OfferCancelled, MentorAssigned, AssignmentEnded),
    ("assignments",),
    coverage,
)
