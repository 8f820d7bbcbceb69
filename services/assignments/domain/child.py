"""A child the agency supports, with the provision that was specified."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias
from uuid import UUID

from services.assignments.domain.provision import Provision, check_birth_date, check_provision
from shared.contracts.assignments.child import ChildAccepted, ProvisionSpecified
from shared.kernel.decider import Decider, Refused

ChildFact: TypeAlias = ChildAccepted | ProvisionSpecified


@dataclass(frozen=True, slots=True)
class AcceptChild:
    """Become responsible for a child, with a first provision."""

    child_id: UUID
    request_id: UUID
    school_id: UUID
    name: str
    birth_date: date
    provision: Provision
    on: date


@dataclass(frozen=True, slots=True)
class SpecifyProvision:
    """Change how much support the child gets, or for what."""

    provision: Provision


Command: TypeAlias = AcceptChild | SpecifyProvision


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """The agency is not responsible."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The agency is responsible; `provisions` are in the order in which they were specified."""

    child_id: UUID
    request_id: UUID
    provisions: tuple[Provision, ...] = ()


Child: TypeAlias = NotAccepted | Accepted


def decide(state: Child, command: Command) -> Sequence[ChildFact]:
    match command:
        case AcceptChild():
            return _accept(state, command)
        case SpecifyProvision(provision):
            return _specify(state, provision)


def _accept(state: Child, command: AcceptChild) -> Sequence[ChildFact]:
    match state:
        case NotAccepted():
            check_birth_date(command.birth_date, command.on)
            check_provision(command.provision)
            accepted = ChildAccepted(
                child_id=command.child_id,
                request_id=command.request_id,
                school_id=command.school_id,
                name=command.name,
                birth_date=command.birth_date,
                accepted_on=command.on,
            )
            return (accepted, _specified(command.child_id, command.provision))
        case Accepted(_, request_id):
            if request_id == command.request_id:
                return ()
            raise Refused(
                "child_already_accepted", "this child was accepted on another request; change its provision"
            )


def _specify(state: Child, provision: Provision) -> Sequence[ChildFact]:
    match state:
        case Accepted(child_id):
            if in_force(state, provision.effective_from) == provision:
                return ()
            check_provision(provision)
            return (_specified(child_id, provision),)
        case NotAccepted():
            raise Refused(
                "child_not_accepted", "this child is not accepted; accept the support request first"
            )


def in_force(state: Accepted, on: date) -> Provision | None:
    """The provision that counts on a day: the latest to begin; of two for one day, the one specified last."""
    begun = [provision for provision in state.provisions if provision.effective_from <= on]
    return max(reversed(begun), key=lambda provision: provision.effective_from, default=None)


def _specified(child_id: UUID, provision: Provision) -> ProvisionSpecified:
    return ProvisionSpecified(
        child_id=child_id,
        minutes_per_week=provision.minutes_per_week,
        areas=provision.areas,
        effective_from=provision.effective_from,
    )


def evolve(state: Child, fact: ChildFact) -> Child:
    match fact, state:
        case ChildAccepted(), NotAccepted():
            return Accepted(fact.child_id, fact.request_id)
        case ProvisionSpecified(), Accepted():
            provision = Provision(fact.minutes_per_week, fact.areas, fact.effective_from)
            return replace(state, provisions=(*state.provisions, provision))
        case _:
            return state


child: Decider[Child, Command] = Decider("child", NotAccepted(), decide, evolve)
