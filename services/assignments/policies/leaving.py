"""What follows for assignments when the child rests, comes back, or is no longer the agency's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import (
    CancelOffer,
    EndAssignment,
    PauseAssignment,
    ResumeAssignment,
)
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.child import ChildExited, ChildPaused, ChildResumed
from shared.contracts.words.mentoring import PauseReason
from shared.contracts.words.requests import ChildExitReason, ChildPauseReason
from shared.contracts.words.support import EndReason
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

Exit: TypeAlias = ChildExited | MentorOffered | MentorAssigned
EXITS = (ChildExited, MentorOffered, MentorAssigned)
PAUSES = (ChildPaused, ChildResumed)

ENDS: Mapping[ChildExitReason, EndReason] = {
    "outcomes_reached": "outcomes_reached",
    "support_no_longer_needed": "provision_ended",
    "funding_ended": "provision_ended",
    "reached_age_limit": "provision_ended",
    "transferred": "transferred",
    "made_in_error": "made_in_error",
}
RESTS: Mapping[ChildPauseReason, PauseReason] = {
    "illness": "child_unwell",
    "family_request": "family_request",
}


@dataclass(frozen=True, slots=True)
class Gone:
    """A child who left: the first day on which the agency is not responsible, and what is still open."""

    exited_on: date
    reason: ChildExitReason
    open_: Sequence[Mapping[str, Any]]


def release_child(recorded: Recorded[Exit], gone: Gone | None) -> Iterator[Issue]:
    """Nobody supports a child who left, also when it was agreed on while the child was leaving."""
    for row in gone.open_ if gone else ():
        assert gone is not None
        stream = row["assignment_id"]
        if row["effective_from"] is None:
            yield Issue(assignment, stream, CancelOffer("request_closed", recorded.recorded_at))
        else:
            ended_on = max(gone.exited_on, row["effective_from"])
            yield Issue(assignment, stream, EndAssignment(ENDS.get(gone.reason, "child_left"), ended_on))


def rest_with_child(
    recorded: Recorded[ChildPaused | ChildResumed], begun: Sequence[Mapping[str, Any]]
) -> Iterator[Issue]:
    """The child's mentors rest while the child's support does."""
    fact = recorded.fact
    for row in begun:
        if isinstance(fact, ChildPaused):
            pause = PauseAssignment(
                RESTS.get(fact.reason, "provision_on_hold"), fact.paused_from, fact.review_on
            )
            yield Issue(assignment, row["assignment_id"], pause)
        else:
            yield Issue(assignment, row["assignment_id"], ResumeAssignment(fact.resumed_on))
