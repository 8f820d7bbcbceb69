"""Clearances of one mentor: recorded and corrected, withdrawn, lapsed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

from services.training.domain.standing import Compliance, counts
from shared.contracts.training.clearance import ClearanceLapsed, ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.words.training import ClearanceKind, SeenAs
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class RecordClearance:
    """Take in vetting evidence. It counts from `issued_on` to `recheck_due_on`; None is for good."""

    mentor_id: UUID
    kind: ClearanceKind
    issued_on: date
    last_status_check_on: date | None
    recheck_due_on: date | None
    reference: str
    on: date
    seen_by: str = "compliance:unnamed"
    seen_as: SeenAs = "original"


@dataclass(frozen=True, slots=True)
class WithdrawClearance:
    """Rely on this document no more, from this day on."""

    kind: ClearanceKind
    issued_on: date
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class LapseClearance:
    """The last day of a clearance of this kind is over."""

    kind: ClearanceKind
    on: date


ClearanceCommand: TypeAlias = RecordClearance | WithdrawClearance | LapseClearance
ClearanceFact: TypeAlias = ClearanceRecorded | ClearanceWithdrawn | ClearanceLapsed


def decide_clearance(state: Compliance, command: ClearanceCommand) -> Sequence[ClearanceFact]:
    match command:
        case RecordClearance():
            return _record(state, command)
        case WithdrawClearance():
            return _withdraw(state, command)
        case LapseClearance():
            return _lapse(state, command)


def _record(state: Compliance, command: RecordClearance) -> Sequence[ClearanceRecorded]:
    _check(command)
    recorded = ClearanceRecorded(
        mentor_id=command.mentor_id,
        kind=command.kind,
        recorded_on=command.on,
        issued_on=command.issued_on,
        last_status_check_on=command.last_status_check_on,
        recheck_due_on=command.recheck_due_on,
        reference=command.reference,
        seen_by=command.seen_by,
        seen_as=command.seen_as,
    )
    document = (command.kind, command.issued_on)
    known = state.clearances.get(document)
    if known is not None and document not in state.withdrawn:
        when_and_who = {"recorded_on": command.on, "seen_by": command.seen_by}
        if recorded == known.model_copy(update=when_and_who):
            return ()
    return (recorded,)


def _check(command: RecordClearance) -> None:
    checked, due = command.last_status_check_on, command.recheck_due_on
    if command.issued_on > command.on:
        raise Refused("invalid_issued_on", f"{command.issued_on} has not come yet; give the document's date.")
    if checked is not None and not command.issued_on <= checked <= command.on:
        message = "A status is looked up after the document was issued, and not in the future."
        raise Refused("invalid_last_status_check_on", message)
    if due is not None and due < command.issued_on:
        raise Refused("invalid_recheck_due_on", "A recheck falls due after the document was issued.")
    if not command.reference.strip():
        raise Refused("invalid_reference", "Give the number on the document.")


def _withdraw(state: Compliance, command: WithdrawClearance) -> Sequence[ClearanceWithdrawn]:
    document = (command.kind, command.issued_on)
    known = state.clearances.get(document)
    if known is None:
        message = "No such document was recorded; see the mentor's compliance for those there are."
        raise Refused("clearance_unknown", message)
    if document in state.withdrawn:
        return ()
    if not command.reason.strip():
        raise Refused("invalid_reason", "Say why the clearance is withdrawn.")
    return (
        ClearanceWithdrawn(
            mentor_id=known.mentor_id,
            kind=command.kind,
            issued_on=command.issued_on,
            withdrawn_on=command.on,
            reason=command.reason,
        ),
    )


def _lapse(state: Compliance, command: LapseClearance) -> Sequence[ClearanceLapsed]:
    due = [
        seen.recheck_due_on
        for document, seen in state.clearances.items()
        if seen.kind == command.kind and seen.recheck_due_on and document not in state.withdrawn
    ]
    if state.mentor_id is None or not due or command.kind in state.lapsed:
        return ()
    if counts(state, command.kind, command.on):
        return ()  # something newer was recorded in time
    if max(due) >= command.on:
        return ()
    lapsed_on = max(due) + timedelta(days=1)
    return (ClearanceLapsed(mentor_id=state.mentor_id, kind=command.kind, lapsed_on=lapsed_on),)
