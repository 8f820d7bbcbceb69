"""What was promised so far: the committed schemas, the golden files, and the manifest of their digests."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import orjson

from shared.contracts.fact import Contract, Fact, contract_of
from shared.contracts.words.privacy import Unreadable
from shared.kernel.envelope import Origin, encode, opened, read
from shared.kernel.sealing.batches import refs_in
from shared.kernel.sealing.cipher import SealBroken, is_sealed
from shared.kernel.sealing.derived import derived_key
from shared.kernel.sealing.fields import refs_to_seal
from shared.kernel.sealing.keyring import KeyRef

DRAFT, RELEASED = "draft", "released"

# Published, so that whoever reads a golden file, ever after, can open what is sealed in it.
GOLDEN_SECRET = b"alongside: what the keys of golden files follow from"

# The golden files are recorded at one moment, by one coordinator, in one region.
ORIGIN = Origin(
    region="uk-london",
    service="",
    actor="coordinator:ruth.bello",
    at=datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
    correlation_id="01992a5e-0000-7000-8000-000000000001",
    causation_id="01992a5e-0000-7000-8000-000000000001",
)


@dataclass(frozen=True)
class House:
    """Where the kit keeps its files, under the checkout's root."""

    root: Path

    @property
    def manifest(self) -> Path:
        return self.root / "shared" / "contracts" / "released.json"

    @property
    def catalogue(self) -> Path:
        return self.root / "docs" / "facts.md"

    @property
    def asyncapi(self) -> Path:
        return self.root / "docs" / "asyncapi.json"

    @property
    def consumers(self) -> Path:
        return self.root / "docs" / "consumers.json"

    @property
    def schemas(self) -> Path:
        return self.root / "docs" / "schemas"

    @property
    def goldens(self) -> Path:
        return self.root / "tests" / "contracts" / "golden"

    def schema(self, topic: str) -> Path:
        return self.schemas / f"{topic}.json"

    def golden(self, topic: str) -> Path:
        return self.goldens / f"{topic}.json"


@dataclass(frozen=True)
class Promise:
    """One fact as it stands in the manifest. A draft may still change; a released one only grows."""

    state: str
    schema: str
    golden: str


@dataclass
class Manifest:
    """Topic -> promise."""

    promises: dict[str, Promise] = field(default_factory=dict)

    @classmethod
    def load(cls, house: House) -> "Manifest":
        if not house.manifest.exists():
            return cls()
        found: Mapping[str, Mapping[str, str]] = json.loads(house.manifest.read_text())
        return cls({topic: Promise(**entry) for topic, entry in found.items()})

    def save(self, house: House) -> None:
        entries = {topic: vars(self.promises[topic]) for topic in sorted(self.promises)}
        house.manifest.write_text(json.dumps(entries, indent=1) + "\n")


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def golden_bytes(fact: Fact, service: str) -> bytes:
    """A complete CloudEvent of this example, as a store would keep it."""
    ids = (value for value in dict(fact).values() if isinstance(value, UUID))
    origin = Origin(**{**{name: getattr(ORIGIN, name) for name in ORIGIN.__slots__}, "service": service})
    refs = refs_to_seal(contract_of(fact), dict(fact)).values()
    keys = {ref: derived_key(GOLDEN_SECRET, ref) for ref in refs}
    return encode(fact, origin, next(ids), 1, keys=keys)


def golden_data(state: bytes, contract: Contract) -> bytes:
    """The opened `data` of a golden file. Raises SealBroken, also when a personal field is not sealed at all."""
    kept = orjson.loads(bytes(read(state).data))
    if plain := [name for name in contract.personal if name in kept and not is_sealed(kept[name])]:
        raise SealBroken(f"{contract.topic}: {', '.join(plain)} is not sealed")
    refs = refs_in(state, {contract.topic: contract})
    keys: dict[KeyRef, bytes | Unreadable] = {ref: derived_key(GOLDEN_SECRET, ref) for ref in refs}
    return opened(read(state), contract, keys)[0]
