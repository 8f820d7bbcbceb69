"""The secret address of somebody's calendar: who knows it may read it, so a new one makes the old one void."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid5

from shared.contracts.notifications.calendar import CalendarLinkIssued
from shared.kernel.decider import Decider, Refused

_LINKS = UUID("c2b0a1d4-7e53-5a0b-8a5e-4f1f6f0c9d37")


def link_of(recipient_id: UUID) -> UUID:
    """The stream of a recipient's links."""
    return uuid5(_LINKS, str(recipient_id))


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class IssueLink:
    """Let the calendar be read at this address from now on, and at no other."""

    recipient_id: UUID
    role: str
    digest: str
    at: datetime


def decide(digest: str, command: IssueLink) -> Sequence[CalendarLinkIssued]:
    if command.role not in ("mentor", "parent", "school"):
        raise Refused(
            "no_calendar", "Only mentors, parents and schools have sessions of their own: look at a mentor's."
        )
    if command.digest == digest:
        return ()
    return (
        CalendarLinkIssued(recipient_id=command.recipient_id, digest=command.digest, issued_at=command.at),
    )


def evolve(digest: str, fact: CalendarLinkIssued) -> str:
    return fact.digest


calendar_link: Decider[str, IssueLink] = Decider("calendar_link", "", decide, evolve)
