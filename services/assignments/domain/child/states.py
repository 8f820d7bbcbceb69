"""Where a child can stand with the agency, and how facts move it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from services.assignments.domain.provision import Provision
from shared.contracts.assignments.child import (
    ChildAbsenceReported,
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildProfileUpdated,
    ChildReferred,
    ChildReopened,
    ChildResumed,
    PlanReviewDue,
    ProvisionReviewed,
    ProvisionSpecified,
)
from shared.contracts.words.privacy import readable

ChildFact: TypeAlias = (
    ChildReferred
    | ChildAccepted
    | ProvisionSpecified
    | PlanReviewDue
    | ProvisionReviewed
    | ChildActivated
    | ChildPaused
    | ChildResumed
    | ChildExited
    | ChildReopened
    | ChildProfileUpdated
    | ChildAbsenceReported
)
MOST_ABSENCES = 50
"""How many reports a child's state remembers: enough to see that one came twice."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Nobody asked for support of this child."""


@dataclass(frozen=True, slots=True)
class Referred:
    """Support was asked for; the agency has not answered."""

    referred: ChildReferred


@dataclass(frozen=True, slots=True)
class Supported:
    """The agency is responsible, since the day `since`.

    `provisions` are in the order in which they were specified. `review_on` is when the next review is due,
    `told_due` the last due day that was told of; `moved` is what last changed the stage.
    """

    child_id: UUID
    request_id: UUID | None
    school_id: UUID
    since: date
    stage: Literal["accepted", "active", "paused"] = "accepted"
    provisions: tuple[Provision, ...] = ()
    review_on: date | None = None
    told_due: date | None = None
    reviewed: ProvisionReviewed | None = None
    moved: ChildActivated | ChildPaused | ChildResumed | ChildReopened | None = None
    profile: ChildProfileUpdated | None = None
    absences: tuple[ChildAbsenceReported, ...] = ()


@dataclass(frozen=True, slots=True)
class Exited:
    """The agency is no longer responsible."""

    before: Referred | Supported
    exited: ChildExited


Child: TypeAlias = NotKnown | Referred | Supported | Exited


def in_force(state: Supported, on: date) -> Provision | None:
    """The provision that counts on a day: the latest to begin; of two for one day, the one specified last."""
    begun = [provision for provision in state.provisions if provision.effective_from <= on]
    return max(reversed(begun), key=lambda provision: provision.effective_from, default=None)


def evolve(state: Child, fact: ChildFact) -> Child:
    match fact, state:
        case ChildReferred(), (NotKnown() | Exited(Referred())):
            return Referred(fact)
        case ChildAccepted(), (NotKnown() | Referred() | Exited(Referred())):
            return Supported(fact.child_id, fact.request_id, fact.school_id, fact.accepted_on)
        case ChildExited(), (Referred() | Supported()):
            return Exited(state, fact)
        case ChildReopened(), Exited(Supported() as before):
            return replace(
                before,
                request_id=fact.request_id,
                school_id=fact.school_id,
                since=fact.reopened_on,
                stage="accepted",
                moved=fact,
                review_on=None,
            )
        case ChildAbsenceReported(), Exited(Supported() as before):
            return replace(state, before=_supported(before, fact))
        case _, Supported():
            return _supported(state, fact)
        case _:
            return state


def _supported(state: Supported, fact: ChildFact) -> Supported:
    """What happens while the agency is responsible."""
    match fact:
        case ProvisionSpecified():
            provision = Provision(
                fact.minutes_per_week,
                fact.areas,
                fact.effective_from,
                readable(fact.outcomes, ()),
                fact.next_review_on,
            )
            return replace(
                state, provisions=(*state.provisions, provision), review_on=fact.next_review_on, told_due=None
            )
        case PlanReviewDue():
            return replace(state, told_due=fact.due_on)
        case ProvisionReviewed():
            return replace(state, reviewed=fact, review_on=fact.next_review_on, told_due=None)
        case ChildActivated():
            return replace(state, stage="active", moved=fact)
        case ChildPaused():
            return replace(state, stage="paused", moved=fact)
        case ChildResumed():
            return replace(state, stage="active", moved=fact)
        case ChildProfileUpdated():
            return replace(state, profile=fact)
        case ChildAbsenceReported():
            return replace(state, absences=(*state.absences, fact)[-MOST_ABSENCES:])
        case _:
            return state
