"""Somebody who can be told something."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid5

from shared.contracts.notifications.recipient import (
    RecipientDetails,
    RecipientDetailsChanged,
    RecipientRegistered,
)
from shared.contracts.words.telling import RecipientRole
from shared.kernel.decider import Claim, Decider, Refused

_MENTORS = UUID("5b8f6f0e-6a0d-5a6e-9d1c-5f0f5a3f8a01")


def recipient_of_mentor(mentor_id: UUID) -> UUID:
    """The recipient that a mentor is: known from the mentor's id alone, so nobody has to look it up."""
    return uuid5(_MENTORS, str(mentor_id))


@dataclass(frozen=True, slots=True)
class Register:
    """Tell this person things from now on; the same again is nothing, other details replace the old ones."""

    recipient_id: UUID
    role: RecipientRole
    name: str
    email: str
    region: str
    mentor_id: UUID | None = None
    child_id: UUID | None = None
    school_id: UUID | None = None


Command = Register


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is known about a recipient; nothing yet when `details` is None."""

    details: RecipientDetails | None = None


def decide(state: Recipient, command: Command) -> Sequence[RecipientRegistered | RecipientDetailsChanged]:
    _check(command)
    details = {name: getattr(command, name) for name in RecipientDetails.model_fields}
    if state.details is None:
        return (RecipientRegistered(**details),)
    if state.details.model_dump() == details:
        return ()
    return (RecipientDetailsChanged(**details),)


def evolve(state: Recipient, fact: RecipientRegistered | RecipientDetailsChanged) -> Recipient:
    return Recipient(details=fact)


def claims(state: Recipient) -> frozenset[Claim]:
    """One address is registered once for one purpose. The key is a digest, not the address."""
    if state.details is None:
        return frozenset()
    found = state.details
    purpose = f"{found.role}|{found.mentor_id}|{found.child_id}|{found.school_id}|{found.email.casefold()}"
    return frozenset(
        {
            Claim(
                key=f"recipient:{sha256(purpose.encode()).hexdigest()}",
                code="already_registered",
                message=f"This address is already registered as {found.role}; change that recipient instead.",
            )
        }
    )


def _check(command: Register) -> None:
    local, at, domain = command.email.rpartition("@")
    if not at or not local or ("." not in domain.strip(".") and domain != "localhost"):
        raise Refused("invalid_email", "Give an e-mail address such as name@example.org.")
    if any(character.isspace() or not character.isprintable() for character in command.email):
        raise Refused("invalid_email", "An e-mail address holds no spaces or line breaks.")
    if not command.name.strip():
        raise Refused("invalid_name", "Give the recipient's name.")
    linked = {"mentor": command.mentor_id, "parent": command.child_id, "school": command.school_id}
    needed = {"mentor": "mentor_id", "parent": "child_id", "school": "school_id"}
    if command.role in linked and linked[command.role] is None:
        raise Refused(
            "invalid_recipient",
            f"A {command.role} hears of one {needed[command.role][:-3]}: give its {needed[command.role]}.",
        )


recipient: Decider[Recipient, Command] = Decider("recipient", Recipient(), decide, evolve, claims)
