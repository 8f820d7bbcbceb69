"""What follows for a child: an accepted request makes it the agency's."""

from collections.abc import Iterator
from typing import Any

from services.assignments.domain.child import AcceptChild, child
from services.assignments.domain.provision import Provision
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
