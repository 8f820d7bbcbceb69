"""What follows from facts: an accepted request makes the child the agency's; who leaves supports nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.assignments.domain.assignment import CancelOffer, EndAssignment, assignment
from services.assignments.domain.child import AcceptChild, child
from services.assignments.domain.provision import Provision
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.mentor import MentorLeft
from shared.contracts.assignments.support_request import SupportRequestAccepted
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


def accept_child(recorded: Recorded[SupportRequestAccepted], _: Any = None) -> Iterator[Issue]:
    """The child of an accepted request is accepted, with the request's provision."""
    yield Issue(child, recorded.fact.child_id, child_of(recorded.fact))


def child_of(accepted: SupportRequestAccepted) -> AcceptChild:
    """The command that accepts the child of this request; giving it twice does nothing more."""
    return AcceptChild(
        child_id=accepted.child_id,
        request_id=accepted.request_id,
        school_id=accepted.school_id,
        name=accepted.child_name,
        birth_date=accepted.birth_date,
        provision=Provision(accepted.minutes_per_week, accepted.areas, accepted.effective_from),
        on=accepted.accepted_at.date(),
    )


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
        stream = row["assignment_id"]
        if row["status"] == "offered":
            yield Issue(assignment, stream, CancelOffer("mentor_left", recorded.recorded_at))
        else:
            assert leaving is not None
            ended_on = max(leaving.left_on, row["effective_from"])
            yield Issue(assignment, stream, EndAssignment("mentor_left", ended_on))
