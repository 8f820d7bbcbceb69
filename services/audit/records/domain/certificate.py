"""The certificate of an erasure: given once, when all who had to have acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from shared.contracts.audit.certificate import Acknowledged, ErasureCertified, StillKept
from shared.contracts.audit.erasure import ErasureOrdered
from shared.contracts.words.records import Ground
from shared.kernel.decider import Decider, Refused


@dataclass(frozen=True, slots=True)
class Certify:
    """All that a certificate says is known. `destroyed` keys; None while the keyring has not said so."""

    ordered: ErasureOrdered
    ground: Ground
    kept: tuple[StillKept, ...]
    destroyed: int | None
    epoch: int | None
    acknowledged: tuple[Acknowledged, ...]
    complete_at: datetime


def decide(state: bool, command: Certify) -> Sequence[ErasureCertified]:
    if state:
        return ()
    if command.destroyed is None:
        raise Refused("keys_not_destroyed", "the keyring has not said yet that the keys are gone")
    ordered = command.ordered
    heard = {one.service: one for one in command.acknowledged}
    silent = sorted(set(ordered.services) - heard.keys())
    if silent:
        raise Refused("not_acknowledged", f"not forgotten yet by {', '.join(silent)}")
    return (
        ErasureCertified(
            erasure_id=ordered.erasure_id,
            commitment=ordered.commitment,
            ground=command.ground,
            classes=ordered.classes,
            kept=command.kept,
            destroyed=command.destroyed,
            epoch=command.epoch,
            acknowledged=tuple(heard[name] for name in sorted(ordered.services)),
            ordered_at=ordered.ordered_at,
            complete_at=command.complete_at,
        ),
    )


def evolve(_: bool, __: ErasureCertified) -> bool:
    return True


def certificate_of(erasure_id: UUID) -> UUID:
    """The certificate's stream, which tells nothing of the person."""
    return uuid5(erasure_id, "certificate")


certificate: Decider[bool, Certify] = Decider("certificate", False, decide, evolve)
