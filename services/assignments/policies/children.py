"""What follows for a child: from the request for it, from its mentors, from a transfer, from the calendar."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from services.assignments.domain.child import (
    AcceptChild,
    CloseReferral,
    HandOverChild,
    ReferChild,
    ReviewFallsDue,
    child,
)
from services.assignments.domain.provision import Provision
from shared.contracts.assignments.region_transfer import RegionTransferAccepted
from shared.contracts.assignments.support_request import (
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestTakenOn,
    SupportRequestWithdrawn,
)
from shared.contracts.words.privacy import Unreadable, opened, readable
from shared.kernel.projection import DueRow, Issue, Policy
from shared.kernel.recorded import Recorded

Asked: TypeAlias = (
    SupportRequestReceived | SupportRequestTakenOn | SupportRequestDeclined | SupportRequestWithdrawn
)


def follow_request(recorded: Recorded[Asked], _: Any = None) -> Iterator[Issue]:
    """The child of a request is referred, then accepted with the request's provision; or it leaves again."""
    fact = recorded.fact
    match fact:
        case SupportRequestReceived():
            refer = ReferChild(
                fact.child_id, fact.request_id, fact.school_id, fact.child_name, fact.received_at.date()
            )
            yield Issue(child, fact.child_id, refer)
        case SupportRequestTakenOn() if isinstance(fact.birth_date, Unreadable):
            return  # the child was erased meanwhile: nobody can be accepted any more
        case SupportRequestTakenOn():
            yield Issue(child, fact.child_id, child_of(fact))
        case SupportRequestDeclined():
            yield Issue(child, fact.child_id, CloseReferral(fact.request_id, fact.declined_at.date()))
        case SupportRequestWithdrawn():
            yield Issue(child, fact.child_id, CloseReferral(fact.request_id, fact.withdrawn_at.date()))


def child_of(taken_on: SupportRequestTakenOn) -> AcceptChild:
    """The command that accepts the child of this request; giving it twice does nothing more."""
    return AcceptChild(
        child_id=taken_on.child_id,
        request_id=taken_on.request_id,
        school_id=taken_on.school_id,
        name=taken_on.child_name,
        birth_date=opened(taken_on.birth_date),
        provision=Provision(
            taken_on.minutes_per_week,
            taken_on.areas,
            taken_on.effective_from,
            readable(taken_on.outcomes, ()),
            taken_on.next_review_on,
        ),
        referred_on=taken_on.received_on,
        on=taken_on.taken_on_at.date(),
    )


def hand_over(recorded: Recorded[RegionTransferAccepted], _: Any = None) -> Iterator[Issue]:
    """A child whom another region owns is no longer this region's."""
    yield Issue(child, recorded.fact.child_id, HandOverChild(recorded.fact.effective_on))


def review_falls_due(row: DueRow) -> Issue:
    """The day of a review came."""
    return Issue(
        child, UUID(row.payload["child_id"]), ReviewFallsDue(date.fromisoformat(row.payload["due_on"]))
    )


CHILD_POLICIES = (
    Policy(
        "follow_request",
        (SupportRequestReceived, SupportRequestTakenOn, SupportRequestDeclined, SupportRequestWithdrawn),
        follow_request,
    ),
    Policy("hand_over_child", (RegionTransferAccepted,), hand_over),
)
