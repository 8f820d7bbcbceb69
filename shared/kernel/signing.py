"""A producer's signature on its facts: Ed25519 over the first five lines of the ledger's leaf."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256

from shared.kernel.notekeys import Malformed, Signer

LEAF = "alongside-leaf/v1"
THREADS = 3
SHARE = 64
"""Facts that one thread signs at a time: fewer are not worth handing over."""


def signed_text(source: str, position: int, digest: str, length: int) -> bytes:
    """What a producer signs. `source` is `/<region>/<service>`, `digest` the SHA-256 of the bytes in hex."""
    return f"{LEAF}\n{source}\n{position}\n{digest}\n{length}\n".encode()


@dataclass(frozen=True)
class Signing:
    """What a service signs with. The same fact gets the same signature, whenever it is asked for again."""

    source: str
    key: str = field(repr=False)

    @classmethod
    def of(cls, region: str, service: str, key: str | None) -> "Signing | None":
        """From PRIVATE+KEY+<region>/<service>+...; None without one. Raises Malformed, also for another's key."""
        if not key:
            return None
        name = _signer(key).name
        if name != f"{region}/{service}":
            raise Malformed(f"{service} in {region} signs with a key named {region}/{service}, not {name}")
        return cls(f"/{name}", key)

    def sign(self, facts: Sequence[tuple[int, bytes]]) -> list[str]:
        """The signatures of (position, bytes), in order; several threads take part when there are many."""
        if len(facts) < 2 * SHARE:
            return self._sign(facts)
        shares = [facts[at : at + SHARE] for at in range(0, len(facts), SHARE)]
        with ThreadPoolExecutor(THREADS, "signing") as threads:
            return [made for share in threads.map(self._sign, shares) for made in share]

    def _sign(self, facts: Sequence[tuple[int, bytes]]) -> list[str]:
        signer, source = _signer(self.key), self.source
        return [
            signer.signature(signed_text(source, position, sha256(state).hexdigest(), len(state)))
            for position, state in facts
        ]


@cache
def _signer(key: str) -> Signer:
    return Signer.parse(key)
