"""A child's transfer to another region: asked for, consented to, accepted or rejected there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.region_transfer import (
    RegionTransferAccepted,
    RegionTransferCancelled,
    RegionTransferConsentRecorded,
    RegionTransferRejected,
    RegionTransferRequested,
)
from shared.contracts.words.requests import (
    ConsentGiver,
    TransferCancellation,
    TransferReason,
    TransferRejection,
)
from shared.kernel.decider import Claim, Decider, Refused

TransferFact: TypeAlias = (
    RegionTransferRequested
    | RegionTransferConsentRecorded
    | RegionTransferAccepted
    | RegionTransferRejected
    | RegionTransferCancelled
)
REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class RequestTransfer:
    """Ask another region to take over a child whom this one supports."""

    transfer_id: UUID
    child_id: UUID
    child_supported: bool
    from_region: str
    to_region: str
    reason: TransferReason
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Who may decide for the child agreed."""

    given_by: ConsentGiver
    at: datetime


@dataclass(frozen=True, slots=True)
class AcceptTransfer:
    """Take the child over, from this day on without the old region's mentors."""

    effective_on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class RejectTransfer:
    """Do not take the child over."""

    reason: TransferRejection
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelTransfer:
    """No longer ask."""

    reason: TransferCancellation
    at: datetime


Command: TypeAlias = RequestTransfer | RecordConsent | AcceptTransfer | RejectTransfer | CancelTransfer


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nobody asked."""


@dataclass(frozen=True, slots=True)
class Requested:
    """Waits for consent and for the other region's answer."""

    requested: RegionTransferRequested
    consents: frozenset[ConsentGiver] = frozenset()


@dataclass(frozen=True, slots=True)
class Answered:
    """Accepted, rejected or called off."""

    requested: RegionTransferRequested
    consents: frozenset[ConsentGiver]
    by: RegionTransferAccepted | RegionTransferRejected | RegionTransferCancelled


RegionTransfer: TypeAlias = Nothing | Requested | Answered


def decide(state: RegionTransfer, command: Command) -> Sequence[TransferFact]:
    match state, command:
        case _, RequestTransfer():
            return _request(state, command)
        case Nothing(), _:
            raise Refused("transfer_unknown", "there is no such transfer; request it first")
        case Requested(), _:
            return _answer(state, command)
        case Answered(), _:
            return _again(state, command)


def _request(state: RegionTransfer, command: RequestTransfer) -> Sequence[TransferFact]:
    requested = RegionTransferRequested(
        transfer_id=command.transfer_id,
        child_id=command.child_id,
        from_region=command.from_region,
        to_region=command.to_region,
        reason=command.reason,
        requested_at=command.at,
    )
    if not isinstance(state, Nothing):
        if requested == state.requested.model_copy(update={"requested_at": command.at}):
            return ()
        raise Refused("transfer_already_requested", "this transfer was asked for otherwise; make a new one")
    if not command.child_supported:
        raise Refused(
            "child_not_accepted", "only a child whom this region supports can be transferred; check the id"
        )
    if not REGION.fullmatch(command.to_region) or command.to_region == command.from_region:
        raise Refused("invalid_region", "name another region, such as uk-north")
    return (requested,)


def _answer(state: Requested, command: Command) -> Sequence[TransferFact]:
    of = {"transfer_id": state.requested.transfer_id, "child_id": state.requested.child_id}
    match command:
        case RecordConsent(given_by, at):
            if given_by in state.consents:
                return ()
            return (RegionTransferConsentRecorded(**of, given_by=given_by, recorded_at=at),)
        case AcceptTransfer(effective_on, at):
            if not state.consents:
                raise Refused(
                    "transfer_without_consent",
                    "neither parent nor local authority has agreed to it; record the consent first",
                )
            if effective_on < at.date():
                raise Refused("invalid_effective_on", "a child is taken over from today or from a later day")
            return (
                RegionTransferAccepted(
                    transfer_id=state.requested.transfer_id,
                    child_id=state.requested.child_id,
                    from_region=state.requested.from_region,
                    to_region=state.requested.to_region,
                    accepted_at=at,
                    effective_on=effective_on,
                ),
            )
        case RejectTransfer(reason, at):
            return (RegionTransferRejected(**of, reason=reason, rejected_at=at),)
        case CancelTransfer(reason, at):
            return (RegionTransferCancelled(**of, reason=reason, cancelled_at=at),)
        case RequestTransfer():
            raise AssertionError("asked above")


def _again(state: Answered, command: Command) -> Sequence[TransferFact]:
    """What was answered is answered; the same answer again is no news."""
    match command, state.by:
        case RecordConsent(given_by), _ if given_by in state.consents:
            return ()
        case AcceptTransfer(effective_on), RegionTransferAccepted() as by if by.effective_on == effective_on:
            return ()
        case RejectTransfer(reason), RegionTransferRejected() as by if by.reason == reason:
            return ()
        case CancelTransfer(reason), RegionTransferCancelled() as by if by.reason == reason:
            return ()
        case _, RegionTransferAccepted() as by:
            raise Refused(
                "transfer_accepted", f"{by.to_region} owns this child already; nothing is left to do"
            )
        case _, RegionTransferRejected() as by:
            raise Refused("transfer_rejected", f"this transfer was rejected ({by.reason}); request a new one")
        case _, by:
            raise Refused(
                "transfer_cancelled", f"this transfer was called off ({by.reason}); request a new one"
            )


def evolve(state: RegionTransfer, fact: TransferFact) -> RegionTransfer:
    match fact, state:
        case RegionTransferRequested(), Nothing():
            return Requested(fact)
        case RegionTransferConsentRecorded(), Requested():
            return replace(state, consents=state.consents | {fact.given_by})
        case (
            (RegionTransferAccepted() | RegionTransferRejected() | RegionTransferCancelled()),
            Requested(requested, consents),
        ):
            return Answered(requested, consents, fact)
        case _:
            return state


def claims(state: RegionTransfer) -> frozenset[Claim]:
    """A child is asked for by one region at a time."""
    if not isinstance(state, Requested):
        return frozenset()
    return frozenset(
        (
            Claim(
                f"transfer:{state.requested.child_id}",
                "child_in_transfer",
                "a transfer of this child is under way; accept, reject or cancel that one first",
            ),
        )
    )


region_transfer: Decider[RegionTransfer, Command] = Decider(
    "region_transfer", Nothing(), decide, evolve, claims
)
