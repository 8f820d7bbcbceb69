"""Where a request for support can stand, and how facts move it."""

from dataclasses import dataclass, replace
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.support_request import (
    InformationReceived,
    InformationRequested,
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestFulfilled,
    SupportRequestMatchLost,
    SupportRequestOffered,
    SupportRequestReceived,
    SupportRequestResumed,
    SupportRequestTakenOn,
    SupportRequestTriaged,
    SupportRequestWaitlisted,
    SupportRequestWithdrawn,
)
from shared.contracts.words.requests import RequestStage

RequestFact: TypeAlias = (
    SupportRequestReceived
    | SupportRequestTriaged
    | InformationRequested
    | InformationReceived
    | SupportRequestTakenOn
    | SupportRequestWaitlisted
    | SupportRequestResumed
    | SupportRequestOffered
    | SupportRequestAccepted
    | SupportRequestMatchLost
    | SupportRequestFulfilled
    | SupportRequestDeclined
    | SupportRequestWithdrawn
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody asked yet."""


@dataclass(frozen=True, slots=True)
class Received:
    """Waits to be triaged."""

    received: SupportRequestReceived


@dataclass(frozen=True, slots=True)
class Triaged:
    """Waits for the agency's answer. `answer` is what was last asked and answered."""

    received: SupportRequestReceived
    triaged: SupportRequestTriaged
    answer: tuple[InformationRequested, InformationReceived] | None = None


@dataclass(frozen=True, slots=True)
class AwaitingInformation:
    """Waits for what the agency asked."""

    received: SupportRequestReceived
    triaged: SupportRequestTriaged
    asked: InformationRequested


@dataclass(frozen=True, slots=True)
class Taken:
    """The child is the agency's: without a mentor, with offers, agreed or fulfilled.

    `offers` are the open ones, `agreed` those of them that were agreed to; `lost` are those that came to nothing.
    """

    received: SupportRequestReceived
    triaged: SupportRequestTriaged
    taken_on: SupportRequestTakenOn
    offers: frozenset[UUID] = frozenset()
    agreed: frozenset[UUID] = frozenset()
    lost: frozenset[UUID] = frozenset()
    fulfilled: SupportRequestFulfilled | None = None

    @property
    def stage(self) -> RequestStage:
        if self.fulfilled is not None:
            return "fulfilled"
        return "accepted" if self.agreed else "offered" if self.offers else "matching"


@dataclass(frozen=True, slots=True)
class Waitlisted:
    """Waits for its turn; goes on as `before`."""

    received: SupportRequestReceived
    before: Triaged | Taken
    waitlisted: SupportRequestWaitlisted


@dataclass(frozen=True, slots=True)
class Closed:
    """Declined or withdrawn."""

    received: SupportRequestReceived
    by: SupportRequestDeclined | SupportRequestWithdrawn


Open: TypeAlias = Received | Triaged | AwaitingInformation | Taken | Waitlisted
SupportRequest: TypeAlias = Unknown | Open | Closed


def evolve(state: SupportRequest, fact: RequestFact) -> SupportRequest:
    match fact, state:
        case SupportRequestReceived(), Unknown():
            return Received(fact)
        case SupportRequestTriaged(), Received(received):
            return Triaged(received, fact)
        case SupportRequestTriaged(), (Triaged() | AwaitingInformation()):
            return replace(state, triaged=fact)
        case SupportRequestTriaged(), Waitlisted(_, Triaged() as before):
            return replace(state, before=replace(before, triaged=fact))
        case InformationRequested(), Triaged(received, triaged):
            return AwaitingInformation(received, triaged, fact)
        case InformationReceived(), AwaitingInformation(received, triaged, asked):
            return Triaged(received, triaged, (asked, fact))
        case SupportRequestTakenOn(), Triaged(received, triaged):
            return Taken(received, triaged, fact)
        case SupportRequestTakenOn(), Waitlisted(received, Triaged(_, triaged)):
            return Taken(received, triaged, fact)
        case SupportRequestWaitlisted(), (Triaged() | Taken()):
            return Waitlisted(state.received, state, fact)
        case SupportRequestWaitlisted(), Waitlisted():
            return replace(state, waitlisted=fact)
        case SupportRequestResumed(), Waitlisted(_, before):
            return before
        case (
            (SupportRequestDeclined() | SupportRequestWithdrawn()),
            (Received() | Triaged() | AwaitingInformation() | Taken() | Waitlisted()),
        ):
            return Closed(state.received, fact)
        case _, Taken():
            return _matched(state, fact)
        case _:
            return state


def _matched(state: Taken, fact: RequestFact) -> Taken:
    """What became of the offers for the child."""
    match fact:
        case SupportRequestOffered(assignment_id=made):
            return replace(state, offers=state.offers | {made})
        case SupportRequestAccepted(assignment_id=agreed):
            return replace(state, agreed=state.agreed | {agreed})
        case SupportRequestMatchLost(assignment_id=lost):
            undone = state.fulfilled is not None and state.fulfilled.assignment_id == lost
            return replace(
                state,
                offers=state.offers - {lost},
                agreed=state.agreed - {lost},
                lost=state.lost | {lost},
                fulfilled=None if undone else state.fulfilled,
            )
        case SupportRequestFulfilled():
            # What else was offered is no longer this request's affair.
            return replace(state, offers=frozenset(), agreed=frozenset(), fulfilled=fact)
        case _:
            return state
