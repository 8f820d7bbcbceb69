"""The hour at which a recipient hears of everything that was gathered, in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from shared.contracts.notifications.escalation import DigestDue
from shared.kernel.decider import Decider

_DIGESTS = UUID("0f2b7f0a-3c5d-5b0e-9c53-7a0f0d9b4e21")


def digest_of(recipient_id: UUID, due_at: datetime) -> UUID:
    """The notification that this recipient's digest of that hour will be."""
    return uuid5(_DIGESTS, f"{recipient_id}:{due_at.isoformat()}")


def call_of(digest_id: UUID) -> UUID:
    """The stream on which it is recorded that the hour has come; the digest itself is a notification."""
    return uuid5(_DIGESTS, f"call:{digest_id}")


@dataclass(frozen=True, slots=True)
class CallDigest:
    """The hour has come."""

    digest_id: UUID
    recipient_id: UUID
    at: datetime


def decide(called: bool, command: CallDigest) -> Sequence[DigestDue]:
    if called:
        return ()
    return (DigestDue(digest_id=command.digest_id, recipient_id=command.recipient_id, due_at=command.at),)


def evolve(called: bool, fact: DigestDue) -> bool:
    return True


digest: Decider[bool, CallDigest] = Decider("digest", False, decide, evolve)
