"""What follows for assignments: who leaves supports nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import CancelOffer, EndAssignment
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.mentor import MentorLeft
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Leaving:
    """A mentor who leaves: the first day without them, and their open offers and assignments."""

    left_on: date
    open_: Sequence[Mapping[str, Any]]


def release_mentor(
    recorded: Recorded[MentorLeft | MentorOffered | MentorAssigned], leaving: Leaving | None
) -> Iterator[Issue]:
    """A mentor who left supports nobody any more, also when it was agreed on while they were leaving."""
    for row in leaving.open_ if leaving else ():
        assert leaving is not None
        stream = row["assignment_id"]
        if row["effective_from"] is None:
            yield Issue(assignment, stream, CancelOffer("mentor_left", recorded.recorded_at))
        elif row["effective_until"] is None or leaving.left_on < row["effective_until"]:
            ended_on = max(leaving.left_on, row["effective_from"])
            yield Issue(assignment, stream, EndAssignment("mentor_left", ended_on))
