"""The decider of one person's record."""

from collections.abc import Sequence

from services.audit.records.domain import erasing, ordering
from services.audit.records.domain.commands import (
    ApproveErasure,
    Command,
    DecideErasure,
    EndRetention,
    LiftHold,
    NoteKeysDestroyed,
    PlaceHold,
    RefuseErasure,
    RequestErasure,
)
from services.audit.records.domain.record import Record, RecordFact, evolve
from shared.contracts.audit.hold import LegalHoldLifted, LegalHoldPlaced
from shared.kernel.decider import Decider, Refused


def decide(state: Record, command: Command) -> Sequence[RecordFact]:
    match command:
        case PlaceHold():
            return _place(state, command)
        case LiftHold():
            return _lift(state, command)
        case RequestErasure():
            return erasing.request(state, command)
        case DecideErasure():
            return erasing.decide_case(state, command)
        case RefuseErasure():
            return erasing.refuse(state, command)
        case ApproveErasure():
            return erasing.approve(state, command)
        case EndRetention():
            return ordering.end_retention(state, command)
        case NoteKeysDestroyed():
            return ordering.note_destroyed(state, command)


def _place(state: Record, command: PlaceHold) -> Sequence[RecordFact]:
    if command.hold_id in state.holds or command.hold_id in state.lifted:
        return ()
    if not command.classes:
        raise Refused("invalid_classes", "name at least one part of the record")
    left = tuple(keep for keep in dict.fromkeys(command.classes) if keep not in state.erased)
    if not left:
        raise Refused("already_erased", "nothing of what the hold is to cover is left, or its end is ordered")
    return (
        LegalHoldPlaced(
            **command.subject.named,
            hold_id=command.hold_id,
            classes=left,
            reason=command.reason,
            placed_by=command.by,
            placed_at=command.at,
        ),
    )


def _lift(state: Record, command: LiftHold) -> Sequence[RecordFact]:
    if command.hold_id not in state.holds:
        if command.hold_id in state.lifted:
            return ()
        raise Refused("unknown_hold", "no such hold stands on this record; look it up in the list")
    assert state.subject
    lifted = LegalHoldLifted(
        **state.subject.named, hold_id=command.hold_id, lifted_by=command.by, lifted_at=command.at
    )
    return (lifted, *ordering.after_hold(evolve(state, lifted), command.services, command.at))


record: Decider[Record, Command] = Decider("record", Record(), decide, evolve)
