"""Orders that nobody is asked for again: what was kept until a day that has come; and the keys that are gone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import uuid5

from services.audit.records.domain.commands import EndRetention, NoteKeysDestroyed
from services.audit.records.domain.record import Kept, Record, RecordFact, named
from shared.contracts.audit.erasure import ErasureOrdered, KeysDestroyed, RetentionEnded
from shared.contracts.words.privacy import RetentionClass
from shared.kernel.decider import Refused


def end_retention(state: Record, command: EndRetention) -> Sequence[RecordFact]:
    kept = state.kept.get(command.keep)
    if kept is None or kept.ended or kept.case.requested.erasure_id != command.erasure_id:
        return ()
    ended = RetentionEnded(
        **named(state), erasure_id=command.erasure_id, keep=command.keep, ended_at=command.at
    )
    if command.keep in state.held:
        return (ended,)
    return (ended, follow(state, command.keep, kept, command.services, command.at))


def after_hold(state: Record, services: tuple[str, ...], at: datetime) -> Iterator[RecordFact]:
    """Orders for what fell due while a hold stood that stands no more."""
    for keep, kept in state.kept.items():
        if kept.ended and keep not in state.held:
            yield follow(state, keep, kept, services, at)


def follow(
    state: Record, keep: RetentionClass, kept: Kept, services: tuple[str, ...], at: datetime
) -> ErasureOrdered:
    """The order for what an earlier decision kept until now: approved then, so nobody is asked again."""
    requested, decided = kept.case.requested, kept.case.decided
    assert decided
    return ErasureOrdered(
        **named(state),
        erasure_id=uuid5(requested.erasure_id, keep),
        classes=(keep,),
        recipient_ids=decided.recipient_ids,
        services=services,
        commitment=requested.commitment,
        follows=requested.erasure_id,
        ordered_at=at,
    )


def note_destroyed(state: Record, command: NoteKeysDestroyed) -> Sequence[RecordFact]:
    ordered = state.ordered.get(command.erasure_id)
    if ordered is None:
        raise Refused("not_ordered", "nobody ordered this erasure")
    if command.erasure_id in state.destroyed:
        return ()
    return (
        KeysDestroyed(
            **named(state),
            erasure_id=ordered.erasure_id,
            classes=ordered.classes,
            recipient_ids=ordered.recipient_ids,
            destroyed=command.destroyed,
            epoch=command.epoch,
            ordered_at=ordered.ordered_at,
        ),
    )
