"""Ledgers with every key there is, always the same ones."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.audit.bundle.layout import Kept
from services.audit.bundle.manifest import Asked
from services.audit.bundle.pieces import Trust
from services.audit.bundle.tampering.forging import Forge
from shared.kernel.notekeys import COSIGNATURE, ED25519, Signer

REGION = "uk-london"
ORIGIN = f"alongside.example/{REGION}/ledger"
AT = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)


def key(name: str, kind: int = ED25519) -> Signer:
    """Always the same for a name."""
    return Signer(name, hashlib.sha256(name.encode()).digest(), kind)


LOG = key(ORIGIN)
WITNESSES = tuple(key(f"witness.example/{name}", COSIGNATURE) for name in ("ann", "ben", "cleo"))
SERVICES = ("assignments", "sessions", "training", "notifications", "audit")
PRODUCERS = {name: key(f"{REGION}/{name}") for name in SERVICES}


def policy_text(needed: int = 2) -> str:
    lines = [f"log {LOG.vkey()}"]
    lines += [f"witness {one.name.rpartition('/')[2]} {one.verifier.vkey()}" for one in WITNESSES]
    return "\n".join([*lines, f"group enough {needed} ann ben cleo", "quorum enough", ""])


def trust(policy: str | None = None, *others: Signer) -> Trust:
    producers = tuple(one.vkey() for one in [*PRODUCERS.values(), *others])
    return Trust(LOG.vkey(), producers, policy or policy_text())


@dataclass
class Ledger(Forge):
    """Two of three witnesses have cosigned it. Change what is in it, and see what verify says."""

    log: Signer = LOG
    witnesses: Collection[Signer] = WITNESSES[:2]  # type: ignore[assignment]
    trust: Trust = field(default_factory=trust)
    at: datetime = AT
    positions: Counter[str] = field(default_factory=Counter)

    def tell(self, service: str, blob: bytes, position: int | None = None, by: Signer | None = None) -> int:
        """Records the service's next fact, signed by it (or by somebody else), and returns its index."""
        if position is None:
            self.positions[service] += 1
            position = self.positions[service]
        return self.add(f"/{REGION}/{service}", position, blob, by or PRODUCERS[service])

    def child_bundle(self, chosen: Collection[int], **how: Any) -> bytes:
        return self.bundle(chosen, asked=Asked("child", str(UUID(int=7))), **how)

    def edit(self, index: int) -> bytes:
        """Another byte in the fact; what it is now."""
        blob = self.blobs[index]
        assert blob is not None
        self.blobs[index] = edited = blob.replace(b"note", b"nope")
        assert edited != blob
        return edited


def all_kept(indexes: Collection[int], how: Kept) -> dict[int, Kept]:
    return dict.fromkeys(indexes, how)


def blob_of(kind: str, number: int, **data: object) -> bytes:
    """A CloudEvent as far as the ledger looks at it."""
    whole = {"id": str(UUID(int=number)), "type": kind, "data": {"note": "x" * (number % 90), **data}}
    return json.dumps(whole).encode()


def ledger_of(count: int) -> Ledger:
    """So many facts of all services."""
    made = Ledger()
    for number in range(count):
        service = SERVICES[(number * number + number // 7) % len(SERVICES)]
        made.tell(service, blob_of(f"{service}.SomethingHappened.v1", number))
    return made
