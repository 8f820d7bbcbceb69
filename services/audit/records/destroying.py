"""The order carried out: the keyring destroys the keys, and the records office notes it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from services.audit.records.domain.commands import NoteKeysDestroyed
from services.audit.records.domain.deciding import record
from services.audit.records.domain.record import subject_of
from shared.contracts.audit.erasure import ErasureOrdered
from shared.kernel.inside import Inside
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

Perform = Callable[[Recorded[ErasureOrdered], Any], Awaitable[Iterable[Issue]]]


def destroying(inside: Inside) -> Perform:
    """Destroys keys in the keyring of this process; where nothing is sealed there are none."""

    async def destroy(recorded: Recorded[ErasureOrdered], _: Any) -> Iterable[Issue]:
        """May be done again: what is destroyed already counts as destroyed. Raises KeyringUnavailable."""
        ordered, gone, epoch = recorded.fact, 0, None
        subject = subject_of(ordered)
        for person in dict.fromkeys((subject.id, *ordered.recipient_ids)):
            if inside.sealer is not None:
                found = await inside.sealer.keyring.destroy(person, ordered.classes)
                gone, epoch = gone + len(found.destroyed | found.already), found.epoch
        return (Issue(record, subject.stream, NoteKeysDestroyed(ordered.erasure_id, gone, epoch)),)

    return destroy
