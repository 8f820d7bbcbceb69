"""The keyring as a port: data keys by person and retention class, and the ways in which it says no."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from shared.contracts.words.privacy import RetentionClass, Unreadable


class KeyRef(NamedTuple):
    """Names a data key: whose it is, and what is kept with it."""

    subject_id: UUID
    keep: RetentionClass


class KeyringUnavailable(Exception):
    """The keyring did not answer, or its answer can't be used just now. Nothing was sealed: ask again."""


class SubjectErased(Exception):
    """Keys of these people were destroyed; no new one is ever made in their place."""

    def __init__(self, refs: Collection[KeyRef]) -> None:
        super().__init__(", ".join(sorted({ref.keep for ref in refs})))
        self.refs = frozenset(refs)


class NotGranted(Exception):
    """This role may not do that with keys of this class."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What became of the keys of one person.

    `destroyed` had a key until now; `already` were destroyed before; `unused` never had one. None of them can
    have one again. `epoch` is the newest whose key may still open them in an old backup.
    """

    subject_id: UUID
    destroyed: frozenset[RetentionClass]
    already: frozenset[RetentionClass]
    unused: frozenset[RetentionClass]
    at: datetime
    epoch: int


@dataclass(frozen=True, slots=True)
class Horizon:
    """Keys destroyed before `at` can't be had from any backup of the keyring either. `epoch` is the current one."""

    epoch: int
    at: datetime


class Keyring(Protocol):
    """Where data keys are kept. Every method raises KeyringUnavailable when it does not answer."""

    async def keys(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes | Unreadable]:
        """Of each its key of 32 bytes, or why there is none.

        `erased`: destroyed. `withheld`: not granted to this role. `unavailable`: there should be one and it can't be
        had; that is damage, and an alarm.
        """
        ...

    async def make(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes]:
        """The key of each, made where there is none. Raises SubjectErased and NotGranted; then none is made."""
        ...

    async def destroy(self, subject_id: UUID, classes: Collection[RetentionClass]) -> Destroyed:
        """Destroy the person's keys of these classes for good; safe to repeat. Raises NotGranted."""
        ...

    async def tombstones(self) -> Mapping[KeyRef, datetime]:
        """Every key that was destroyed or may never be made, and since when."""
        ...

    async def horizon(self) -> Horizon:
        """How far back erasures hold against backups, too."""
        ...

    async def check(self) -> str:
        """How it is, in a few words, when keys can be made and opened."""
        ...

    async def close(self) -> None: ...
