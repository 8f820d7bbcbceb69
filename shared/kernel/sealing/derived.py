"""Keys that follow from one secret: for golden files, whose secret is published, and for tests."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from shared.contracts.words.privacy import RetentionClass, Unreadable
from shared.kernel.sealing.cipher import KEY_BYTES, hkdf
from shared.kernel.sealing.keyring import Destroyed, Horizon, KeyRef, KeyringUnavailable, SubjectErased


def derived_key(secret: bytes, ref: KeyRef) -> bytes:
    """The data key of a person and class that follows from the secret: whoever has that has all of them."""
    return hkdf(secret, ref.subject_id.bytes, ref.keep.encode(), KEY_BYTES)


@dataclass
class DerivedKeyring:
    """Every key is there already. What is destroyed is forgotten in this process alone, so no service may use it.

    Set `withheld` to what this reader has no grant for, and `silent` while it is not to answer.
    """

    secret: bytes
    withheld: frozenset[RetentionClass] = frozenset()
    silent: bool = False
    destroyed: set[KeyRef] = field(default_factory=set)

    async def keys(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes | Unreadable]:
        self._answer()
        return {ref: self._found(ref) for ref in refs}

    async def make(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes]:
        self._answer()
        if erased := self.destroyed.intersection(refs):
            raise SubjectErased(erased)
        return {ref: derived_key(self.secret, ref) for ref in refs}

    async def destroy(self, subject_id: UUID, classes: Collection[RetentionClass]) -> Destroyed:
        self._answer()
        refs = {KeyRef(subject_id, keep) for keep in classes}
        already = frozenset(ref.keep for ref in refs & self.destroyed)
        self.destroyed |= refs
        return Destroyed(
            subject_id, frozenset(classes) - already, already, frozenset(), datetime.now(UTC), epoch=1
        )

    async def tombstones(self) -> Mapping[KeyRef, datetime]:
        self._answer()
        return dict.fromkeys(self.destroyed, datetime.now(UTC))

    async def horizon(self) -> Horizon:
        return Horizon(1, datetime(1970, 1, 1, tzinfo=UTC))

    async def check(self) -> str:
        self._answer()
        return "every key follows from one secret"

    async def close(self) -> None:
        """There is nothing to close."""

    def _answer(self) -> None:
        if self.silent:
            raise KeyringUnavailable("it was told to be silent")

    def _found(self, ref: KeyRef) -> bytes | Unreadable:
        if ref.keep in self.withheld:
            return Unreadable.WITHHELD
        return Unreadable.ERASED if ref in self.destroyed else derived_key(self.secret, ref)
