"""Somebody who can be told something, and how they want to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeAlias
from uuid import UUID, uuid5

from services.notifications.domain.preferences import Preferences, check_preferences
from shared.contracts.notifications.recipient import (
    PreferencesSet,
    RecipientDetails,
    RecipientDetailsChanged,
    RecipientRegistered,
    RecipientRemoved,
)
from shared.contracts.words.telling import Language, RecipientRole
from shared.kernel.decider import Claim, Decider, Refused

_MENTORS = UUID("5b8f6f0e-6a0d-5a6e-9d1c-5f0f5a3f8a01")
LINKS: Mapping[RecipientRole, str] = {"mentor": "mentor_id", "parent": "child_id", "school": "school_id"}
"""What the roles name that hear of one person or school only."""


def recipient_of_mentor(mentor_id: UUID) -> UUID:
    """The recipient that a mentor is: known from the mentor's id alone, so nobody has to look it up."""
    return uuid5(_MENTORS, str(mentor_id))


@dataclass(frozen=True, slots=True)
class Register:
    """Tell this person things from now on; the same again is nothing, other details replace the old ones.

    `keep`: the number and the language that a recipient gave before stay. Who was removed is registered anew.
    """

    recipient_id: UUID
    role: RecipientRole
    name: str
    email: str
    region: str
    mentor_id: UUID | None = None
    child_id: UUID | None = None
    school_id: UUID | None = None
    phone: str | None = None
    language: Language = "en"
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Remove:
    """Tell this person nothing any more."""

    at: datetime


AFTER_LEAVING = timedelta(days=7)
"""A mentor who has left still hears of what ends with it, and is then told nothing any more."""


@dataclass(frozen=True, slots=True)
class SetPreferences:
    """The recipient wants to be told like this from now on."""

    preferences: Preferences
    language: Language | None
    at: datetime


Command: TypeAlias = Register | Remove | SetPreferences
RecipientFact: TypeAlias = RecipientRegistered | RecipientDetailsChanged | RecipientRemoved | PreferencesSet


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is known about a recipient; nothing yet when `details` is None."""

    details: RecipientDetails | None = None
    preferences: PreferencesSet | None = None
    removed: bool = False


def decide(state: Recipient, command: Command) -> Sequence[RecipientFact]:
    if isinstance(command, Register):
        return _register(state, command)
    if state.details is None:
        raise Refused("unknown_recipient", "Nobody was registered under this id; look them up in the list.")
    if isinstance(command, Remove):
        recipient_id = state.details.recipient_id
        return () if state.removed else (RecipientRemoved(recipient_id=recipient_id, removed_at=command.at),)
    if state.removed:
        raise Refused("recipient_removed", "This recipient was removed; register them again first.")
    return _prefer(state, state.details, command)


def _register(state: Recipient, command: Register) -> Sequence[RecipientFact]:
    _check(command)
    details = {name: getattr(command, name) for name in RecipientDetails.model_fields}
    if state.details is None or state.removed:
        return (RecipientRegistered(**details),)
    if command.keep:
        details.update(phone=state.details.phone, language=state.details.language)
    if state.details.model_dump() == details:
        return ()
    return (RecipientDetailsChanged(**details),)


def _prefer(state: Recipient, details: RecipientDetails, command: SetPreferences) -> Sequence[PreferencesSet]:
    check_preferences(command.preferences)
    wanted = PreferencesSet(
        recipient_id=details.recipient_id,
        language=command.language or details.language,
        set_at=command.at,
        **command.preferences.values(),
    )
    before = state.preferences
    same = before is not None and before.model_copy(update={"set_at": command.at}) == wanted
    return () if same and details.language == wanted.language else (wanted,)


def evolve(state: Recipient, fact: RecipientFact) -> Recipient:
    match fact:
        case RecipientRegistered():
            return Recipient(details=fact)
        case RecipientDetailsChanged():
            return replace(state, details=fact)
        case RecipientRemoved():
            return replace(state, removed=True)
        case PreferencesSet():
            details = state.details and state.details.model_copy(update={"language": fact.language})
            return replace(state, details=details, preferences=fact)


def claims(state: Recipient) -> frozenset[Claim]:
    """One address is registered once for one purpose. The key is a digest, not the address."""
    if state.details is None or state.removed:
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
    digits = (command.phone or "+4400000000").removeprefix("+")
    if not (8 <= len(digits) <= 15 and digits.isascii() and digits.isdecimal()) or (
        command.phone and not command.phone.startswith("+")
    ):
        raise Refused(
            "invalid_phone", "Give the number with its country code and without spaces: +447700900123."
        )
    link = LINKS.get(command.role)
    if link is not None and getattr(command, link) is None:
        raise Refused("invalid_recipient", f"A {command.role} hears of one {link[:-3]}: give its {link}.")


recipient: Decider[Recipient, Command] = Decider("recipient", Recipient(), decide, evolve, claims)
