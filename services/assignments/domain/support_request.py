"""An ask for support, from its arrival to the agency's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.assignments.domain.provision import Provision, check_birth_date, check_provision
from shared.contracts.assignments.support_request import (
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestReceived,
    SupportRequestWithdrawn,
)
from shared.contracts.words.support import DeclineReason, Requester, SchoolStatus, WithdrawalReason
from shared.kernel.decider import Decider, Refused

RequestFact: TypeAlias = (
    SupportRequestReceived | SupportRequestAccepted | SupportRequestDeclined | SupportRequestWithdrawn
)


@dataclass(frozen=True, slots=True)
class ReceiveRequest:
    """Somebody asks. `school_status` is the register's; None when the school is not in it."""

    request_id: UUID
    child_id: UUID
    school_id: UUID
    school_status: SchoolStatus | None
    requester_kind: Requester
    child_name: str
    needs: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AcceptRequest:
    """Take it on, with this provision."""

    birth_date: date
    provision: Provision
    at: datetime


@dataclass(frozen=True, slots=True)
class DeclineRequest:
    """Do not take it on."""

    reason: DeclineReason
    at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    """Whoever asked no longer asks."""

    reason: WithdrawalReason
    at: datetime


Command: TypeAlias = ReceiveRequest | AcceptRequest | DeclineRequest | WithdrawRequest


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody asked yet."""


@dataclass(frozen=True, slots=True)
class Open:
    """Waits for an answer."""

    received: SupportRequestReceived


@dataclass(frozen=True, slots=True)
class Accepted:
    """Taken on; the child is the agency's."""

    received: SupportRequestReceived
    accepted: SupportRequestAccepted


@dataclass(frozen=True, slots=True)
class Closed:
    """Declined or withdrawn."""

    received: SupportRequestReceived
    by: SupportRequestDeclined | SupportRequestWithdrawn


SupportRequest: TypeAlias = Unknown | Open | Accepted | Closed


def decide(state: SupportRequest, command: Command) -> Sequence[RequestFact]:
    match command:
        case ReceiveRequest():
            return _receive(state, command)
        case AcceptRequest():
            return _accept(state, command)
        case DeclineRequest():
            return _decline(state, command)
        case WithdrawRequest():
            return _withdraw(state, command)


def _receive(state: SupportRequest, command: ReceiveRequest) -> Sequence[RequestFact]:
    received = SupportRequestReceived(
        request_id=command.request_id,
        child_id=command.child_id,
        school_id=command.school_id,
        requester_kind=command.requester_kind,
        child_name=command.child_name,
        needs=command.needs,
        received_at=command.at,
    )
    match state:
        case Unknown():
            _check_school(command.school_status)
            return (received,)
        case Open(known) | Accepted(known) | Closed(known):
            if known.model_copy(update={"received_at": command.at}) == received:
                return ()
            raise Refused("request_already_received", "this request was received before; make a new one")


def _check_school(status: SchoolStatus | None) -> None:
    if status is None:
        raise Refused("school_unknown", "this school is not in the register here; import the register first")
    if status in ("closed", "proposed_to_open"):
        raise Refused(
            "school_not_open", f"this school is {status.replace('_', ' ')}; name the child's present school"
        )


def _accept(state: SupportRequest, command: AcceptRequest) -> Sequence[RequestFact]:
    match state:
        case Open(received):
            check_birth_date(command.birth_date, command.at.date())
            check_provision(command.provision)
            return (_accepted(received, command),)
        case Accepted(received, accepted):
            if accepted == _accepted(received, command).model_copy(
                update={"accepted_at": accepted.accepted_at}
            ):
                return ()
            raise Refused(
                "request_already_accepted",
                "this request was accepted with another provision; change the child's provision instead",
            )
        case Unknown() | Closed():
            raise _not_open(state)


def _accepted(received: SupportRequestReceived, command: AcceptRequest) -> SupportRequestAccepted:
    return SupportRequestAccepted(
        request_id=received.request_id,
        child_id=received.child_id,
        school_id=received.school_id,
        child_name=received.child_name,
        birth_date=command.birth_date,
        minutes_per_week=command.provision.minutes_per_week,
        areas=command.provision.areas,
        effective_from=command.provision.effective_from,
        accepted_at=command.at,
    )


def _decline(state: SupportRequest, command: DeclineRequest) -> Sequence[RequestFact]:
    match state:
        case Open(received):
            return (
                SupportRequestDeclined(
                    request_id=received.request_id,
                    child_id=received.child_id,
                    reason=command.reason,
                    declined_at=command.at,
                ),
            )
        case Closed(_, SupportRequestDeclined(reason=command.reason)):
            return ()
        case Unknown() | Accepted() | Closed():
            raise _not_open(state)


def _withdraw(state: SupportRequest, command: WithdrawRequest) -> Sequence[RequestFact]:
    match state:
        case Open(received):
            return (
                SupportRequestWithdrawn(
                    request_id=received.request_id,
                    child_id=received.child_id,
                    reason=command.reason,
                    withdrawn_at=command.at,
                ),
            )
        case Closed(_, SupportRequestWithdrawn(reason=command.reason)):
            return ()
        case Unknown() | Accepted() | Closed():
            raise _not_open(state)


def _not_open(state: Unknown | Accepted | Closed) -> Refused:
    match state:
        case Unknown():
            return Refused("request_unknown", "nobody asked for this; receive the request first")
        case Accepted():
            return Refused(
                "request_accepted",
                "this request was accepted; end the child's assignment instead of closing it",
            )
        case Closed(_, SupportRequestDeclined() as by):
            return Refused("request_declined", f"this request was declined ({by.reason}); receive a new one")
        case Closed(_, by):
            return Refused(
                "request_withdrawn", f"this request was withdrawn ({by.reason}); receive a new one"
            )


def evolve(state: SupportRequest, fact: RequestFact) -> SupportRequest:
    match fact, state:
        case SupportRequestReceived(), Unknown():
            return Open(fact)
        case SupportRequestAccepted(), Open(received):
            return Accepted(received, fact)
        case ((SupportRequestDeclined() | SupportRequestWithdrawn()), Open(received)):
            return Closed(received, fact)
        case _:
            return state


support_request: Decider[SupportRequest, Command] = Decider("support_request", Unknown(), decide, evolve)
