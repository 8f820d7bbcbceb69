"""What a service seals and opens with: the keyring behind a small cache, one look-up for all who wait."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from time import monotonic
from uuid import UUID

from shared.contracts.words.privacy import Unreadable
from shared.kernel.erasure.erased import Erased
from shared.kernel.sealing.keyring import KeyRef, Keyring, KeyringUnavailable, NotGranted, SubjectErased
from shared.kernel.sealing.together import Together

MOST = 20_000
"""Keys held in memory: of each child and mentor of a large region the classes in use."""
SECONDS = 60.0
"""How long a key is held: so long after its destruction a process that did not hear of it may still open."""

Found = bytes | Unreadable


class Sealer:
    """One per process. What is not known is asked for together with what others wait for."""

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
        self._looking: Together[Found] = Together(self._look_up)
        self._making: Together[bytes] = Together(self._make)
        self._forgotten = 0

    async def keys_for(self, refs: Collection[KeyRef], *, insist: bool = False) -> dict[KeyRef, Found]:
        """The keys to open with, or why there is none of each.

        While the keyring does not answer they read `unavailable`; with `insist` that raises KeyringUnavailable, for
        callers who can wait and must not keep what they read now.
        """
        found, missing = self._look(refs)
        if missing:
            try:
                found.update(await self._looking.ask(missing))
            except KeyringUnavailable:
                if insist:
                    raise
                found.update(dict.fromkeys(missing, Unreadable.UNAVAILABLE))
        return found

    async def keys_to_seal(self, refs: Collection[KeyRef]) -> dict[KeyRef, bytes]:
        """The keys to seal with, made where there is none. Raises SubjectErased, NotGranted, KeyringUnavailable."""
        known, missing = self._look(refs)
        found = {ref: key for ref, key in known.items() if isinstance(key, bytes)}
        if erased := [ref for ref, key in known.items() if key is Unreadable.ERASED]:
            raise SubjectErased(erased)
        if ask := [*missing, *(known.keys() - found.keys())]:
            found.update(await self._making.ask(ask))
        return found

    def forget(self, subject_id: UUID) -> None:
        """Drop this person's keys; what is being asked for just now is not kept either."""
        self._forgotten += 1
        for ref in [ref for ref in self._known if ref.subject_id == subject_id]:
            del self._known[ref]

    def forget_all(self) -> None:
        self._forgotten += 1
        self._known.clear()

    async def state(self) -> tuple[bool, str]:
        """Whether the keyring answers, and what it says."""
        try:
            return True, await self.keyring.check()
        except KeyringUnavailable as silent:
            return False, str(silent)

    async def close(self) -> None:
        await self._looking.close()
        await self._making.close()
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

    def _keep(self, keys: Mapping[KeyRef, Found], forgotten: int) -> None:
        """Remember, unless somebody was forgotten since they were asked for."""
        if forgotten != self._forgotten:
            return
        until = self._clock() + self._seconds
        for ref, key in keys.items():
            if key is not Unreadable.UNAVAILABLE:
                self._known[ref] = (until, key)
                self._known.move_to_end(ref)
        while len(self._known) > self._most:
            self._known.popitem(last=False)

    async def _look_up(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, Found | Exception]:
        forgotten = self._forgotten
        found = await self.keyring.keys(refs)
        self._keep(found, forgotten)
        return found

    async def _make(self, refs: Collection[KeyRef]) -> Mapping[KeyRef, bytes | Exception]:
        """Make them all; one that can't be made does not keep the others from being made."""
        forgotten = self._forgotten
        try:
            made = await self.keyring.make(refs)
        except SubjectErased as erased:
            refused = {ref: SubjectErased([ref]) for ref in erased.refs}
            others = [ref for ref in refs if ref not in refused]
            return {**refused, **(await self._make(others) if others else {})}
        except NotGranted as refused_all:
            if len(refs) == 1:
                return dict.fromkeys(refs, refused_all)
            return {ref: answer for one in refs for ref, answer in (await self._make([one])).items()}
        self._keep(made, forgotten)
        return made
