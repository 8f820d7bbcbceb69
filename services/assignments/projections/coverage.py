"""Who was proposed, and who supports whom."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import assert_never, get_args

from services.assignments.domain.assignment_states import AssignmentFact
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
from shared.kernel.projection import NO_CLASS, Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

COVER_ENDS = "cover_ends"


def coverage(recorded: Recorded[AssignmentFact]) -> Iterator[Row]:
    """Who was proposed, who supports whom since when, and when each of it was recorded."""
    fact = recorded.fact
    key = {"assignment_id": fact.assignment_id}
    match fact:
        case MentorOffered():
            offered = {"status": "proposed", "offered_at": fact.offered_at}
            yield Put("assignments", key, _who(fact) | offered)
        case OfferAccepted():
            yield Put("assignments", key, {"status": "accepted", "accepted_at": fact.accepted_at})
        case OfferCancelled():
            cancelled = {"status": "cancelled", "reason": fact.reason, "cancelled_at": fact.cancelled_at}
            yield Put("assignments", key, cancelled)
        case MentorAssigned():
            yield from _assigned(recorded.recorded_at, fact)
        case AssignmentEnded():
            ended = {"status": "ended", "reason": fact.reason, "ended_on": fact.ended_on}
            yield Put("assignments", key, ended | {"ended_recorded_at": recorded.recorded_at})
            if fact.role == "cover":
                yield Drop("due", {"kind": COVER_ENDS, "key": str(fact.assignment_id)})
        case HandoverBegun():
            begun = {"status": "handover_pending", "last_day": fact.last_day}
            yield Put("assignments", key, begun)
        case HandoverRecorded():
            yield Put("assignments", key, {"handover": "recorded"})
        case HandoverOverridden():
            yield Put("assignments", key, {"handover": "overridden"})
        case AssignmentPaused() | AssignmentResumed() | PrimaryStoodAside() | PrimaryStoodBack():
            yield from _interrupted(recorded.recorded_at, fact)
        case _:
            assert_never(fact)


def _assigned(recorded_at: datetime, fact: MentorAssigned) -> Iterator[Row]:
    begun = {
        "status": "active",
        "effective_from": fact.effective_from,
        "effective_until": fact.effective_until,
        "cover_id": fact.cover_id,
        "child_slot": fact.child_slot,
        "mentor_slot": fact.mentor_slot,
        "assigned_recorded_at": recorded_at,
    }
    if fact.cover_id is not None:  # nobody offered it: the cover was agreed to
        begun |= {"offered_at": recorded_at, "accepted_at": recorded_at}
    yield Put("assignments", {"assignment_id": fact.assignment_id}, _who(fact) | begun)
    if fact.effective_until is not None:
        over = datetime.combine(fact.effective_until, time(), UTC)
        payload = {"ended_on": fact.effective_until.isoformat()}
        due = {"kind": COVER_ENDS, "key": str(fact.assignment_id)}
        yield Put("due", due, {"due_at": over, "payload": payload})


def _interrupted(
    recorded_at: datetime,
    fact: AssignmentPaused | AssignmentResumed | PrimaryStoodAside | PrimaryStoodBack,
) -> Iterator[Row]:
    """The days of a primary's own on which they were not there."""
    key = {"assignment_id": fact.assignment_id}
    match fact:
        case AssignmentPaused():
            paused = {"reason": fact.reason, "review_on": fact.review_on, "paused_recorded_at": recorded_at}
            again = {"resumed_on": None, "resumed_recorded_at": None}
            yield Put("assignment_pauses", key | {"paused_from": fact.paused_from}, paused | again)
            yield Put("assignments", key, {"status": "paused", "paused_from": fact.paused_from})
        case AssignmentResumed():
            yield Put("assignments", key, {"status": "active", "paused_from": None})
            resumed = {"resumed_on": fact.resumed_on, "resumed_recorded_at": recorded_at}
            yield Put("assignment_pauses", key | {"paused_from": fact.paused_from}, resumed)
        case PrimaryStoodAside():
            for day in fact.days:
                aside = {"aside_recorded_at": recorded_at, "back_recorded_at": None}
                yield Put("days_aside", key | {"day": day, "cover_id": fact.cover_id}, aside)
        case PrimaryStoodBack():
            for day in fact.days:
                back = {"back_recorded_at": recorded_at}
                yield Put("days_aside", key | {"day": day, "cover_id": fact.cover_id}, back)
        case _:
            assert_never(fact)


def _who(fact: MentorOffered | MentorAssigned) -> dict[str, object]:
    return {
        "child_id": fact.child_id,
        "mentor_id": fact.mentor_id,
        "school_id": fact.school_id,
        "role": fact.role,
    }


COVERAGE = Projection(
    "coverage",
    get_args(AssignmentFact),
    ("assignments", "assignment_pauses", "days_aside", "due"),
    coverage,
    opens=NO_CLASS,
)
