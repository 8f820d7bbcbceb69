"""What a service seals and opens with: the keyring behind a small cache, one look-up for all who wait."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from time import monotonic
from uuid import UUID

from shared.contracts.words.privacy import Unreadable
from shared.kernel.erasure.erased import Erased
from shared.kernel.sealing.keyring import KeyRef, Keyring, KeyringUnavailable, SubjectErased

MOST = 20_000
"""Keys held in memory: of each child and mentor of a large region the classes in use."""
SECONDS = 60.0
"""How long a key is held: so long after its destruction a process that did not hear of it may still open."""

Found = bytes | Unreadable


class Sealer:
    """One per process. What is not known is asked for together with what others wait for, in one round trip.

    `erased` knows whom this service was told to forget.
    """

    def __init__(
        self,
        keyring: Keyring,
        *,
        most: int = MOST,
        seconds: float = SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.keyring = keyring
        self.erased = Erased(self.forget)
        self._most, self._seconds, self._clock = most, seconds, clock
        self._known: OrderedDict[KeyRef, tuple[float, Found]] = OrderedDict()
        self._wanted: dict[KeyRef, asyncio.Future[Found]] = {}
        self._task: asyncio.Task[None] | None = None
        self._forgotten = 0

    async def keys_for(self, refs: Collection[KeyRef], *, insist: bool = False) -> dict[KeyRef, Found]:
        """The keys to open with, or why there is none of each.

        While the keyring does not answer they read `unavailable`; with `insist` that raises KeyringUnavailable, for
        callers who can wait and must not keep what they read now.
        """
        found, missing = self._look(refs)
        for ref, asked in [(ref, self._ask(ref)) for ref in missing]:
            try:
                found[ref] = await asyncio.shield(asked)
            except KeyringUnavailable:
                if insist:
                    raise
                found[ref] = Unreadable.UNAVAILABLE
        return found

    async def keys_to_seal(self, refs: Collection[KeyRef]) -> dict[KeyRef, bytes]:
        """The keys to seal with, made where there is none. Raises SubjectErased, NotGranted, KeyringUnavailable."""
        known, missing = self._look(refs)
        found = {ref: key for ref, key in known.items() if isinstance(key, bytes)}
        if erased := [ref for ref, key in known.items() if key is Unreadable.ERASED]:
            raise SubjectErased(erased)
        if ask := {*missing, *(known.keys() - found.keys())}:
            forgotten = self._forgotten
            made = await self.keyring.make(ask)
            if forgotten == self._forgotten:
                self._keep(made)
            found.update(made)
        return found

    def forget(self, subject_id: UUID) -> None:
        """Drop this person's keys, and those being asked for just now."""
        self._forgotten += 1
        for ref in [ref for ref in self._known if ref.subject_id == subject_id]:
            del self._known[ref]

    def forget_all(self) -> None:
        self._forgotten += 1
        self._known.clear()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.forget_all()
        await self.keyring.close()

    def _look(self, refs: Collection[KeyRef]) -> tuple[dict[KeyRef, Found], list[KeyRef]]:
        """What is known and not too old, and what is not."""
        found: dict[KeyRef, Found] = {}
        missing = []
        now = self._clock()
        for ref in set(refs):
            until, key = self._known.get(ref, (0.0, Unreadable.UNAVAILABLE))
            if now < until:
                found[ref] = key
                self._known.move_to_end(ref)
            else:
                self._known.pop(ref, None)
                missing.append(ref)
        return found, missing

    def _keep(self, keys: Mapping[KeyRef, Found]) -> None:
        until = self._clock() + self._seconds
        for ref, key in keys.items():
            if key is not Unreadable.UNAVAILABLE:
                self._known[ref] = (until, key)
                self._known.move_to_end(ref)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    def _ask(self, ref: KeyRef) -> "asyncio.Future[Found]":
        if ref not in self._wanted:
            self._wanted[ref] = asyncio.get_running_loop().create_future()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer(), name="key look-ups")
        return self._wanted[ref]

    async def _answer(self) -> None:
        while self._wanted:
            asked, self._wanted = self._wanted, {}
            forgotten = self._forgotten
            try:
                found = await self.keyring.keys(asked.keys())
            except asyncio.CancelledError:
                for future in asked.values():
                    future.cancel()
                raise
            except Exception as failure:
                for future in asked.values():
                    future.set_exception(failure)
                    future.exception()  # who asked may have gone; then nobody collects it
            else:
                if forgotten == self._forgotten:
                    self._keep(found)
                for ref, future in asked.items():
                    future.set_result(found[ref])
