"""The closed lists of personal data: for what it is kept, how long, and what is read where it can't be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias, TypeVar, get_args

RetentionClass: TypeAlias = Literal["profile", "casework", "safeguarding", "employment", "contact"]
RETENTION_CLASSES: tuple[RetentionClass, ...] = get_args(RetentionClass)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long personal data of a class is kept after support or employment has ended.

    `outranks` says that it stays that long even if its person asks for erasure before.
    """

    years: int
    outranks: bool
    why: str


RETENTION: Mapping[RetentionClass, Retention] = {
    "profile": Retention(
        1, False, "who the child is, is needed while it is supported, and to close its books"
    ),
    "casework": Retention(6, False, "what was done for the child is evidence as long as claims may be made"),
    "safeguarding": Retention(25, True, "concerns about a child's safety outlive its childhood"),
    "employment": Retention(6, True, "that a mentor was fit to be with children is evidence in claims"),
    "contact": Retention(0, False, "an address is needed as long as somebody is written to"),
}


class Unreadable(StrEnum):
    """What stands where a personal field was sealed and can't be opened; never a guess, never confused.

    `erased`: its key was destroyed, for good. `withheld`: whoever asks may not read it. `unavailable`: the
    keyring does not answer just now.
    """

    ERASED = "erased"
    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"


T = TypeVar("T")


def readable(value: T | Unreadable, otherwise: T) -> T:
    """The value of a personal field, or `otherwise` when it can't be read."""
    return otherwise if isinstance(value, Unreadable) else value


def opened(value: T | Unreadable) -> T:
    """The value of a personal field. LookupError when it can't be read."""
    if isinstance(value, Unreadable):
        raise LookupError(f"a personal field is {value}")
    return value
