"""With whose eyes an answer is read: the classes of personal data that it opens; all else is withheld."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from services.audit.replay.reading import WITHHELD
from shared.contracts.words.privacy import RetentionClass, Unreadable
from shared.kernel.sealing.batches import Keys, keys_of, refs_in
from shared.kernel.sealing.keyring import KeyRef
from shared.kernel.sealing.sealer import Sealer


@dataclass(frozen=True, slots=True)
class Eyes:
    """`opens` are classes. With `insist` an answer fails (KeyringUnavailable) rather than reads `unavailable`."""

    sealer: Sealer | None = None
    opens: frozenset[RetentionClass] = frozenset()
    insist: bool = False
    shown: set[RetentionClass] = field(default_factory=set)
    erased: set[KeyRef] = field(default_factory=set)
    """Keys that were asked for and are destroyed."""

    def only(self, opens: Iterable[str]) -> "Eyes":
        """These eyes, for no more than those classes."""
        wanted = set(opens)
        return replace(self, opens=frozenset(one for one in self.opens if one in wanted))

    async def keys(self, states: Iterable[bytes]) -> Keys:
        """What opens these facts, as far as these eyes may see."""
        if not self.opens:
            return WITHHELD
        refs = {ref for state in states for ref in refs_in(state)}
        found = await keys_of(
            self.sealer, [ref for ref in refs if ref.keep in self.opens], insist=self.insist
        )
        self.shown.update(ref.keep for ref, key in found.items() if isinstance(key, bytes))
        self.erased.update(ref for ref, key in found.items() if key is Unreadable.ERASED)
        return {ref: found.get(ref, Unreadable.WITHHELD) for ref in refs}


BLIND = Eyes()
