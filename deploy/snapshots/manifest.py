"""What a round of a snapshot holds and stands for: `manifest.json` beside its files."""

from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

FORMAT: Literal["alongside-snapshot/v1"] = "alongside-snapshot/v1"
FILE = "manifest.json"

Files = Literal["parquet", "csv"]


class NotASnapshot(Exception):
    """The folder holds none, or one that can't be read; the message says which."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Stretch(_Part):
    """Of one service: the facts after one position up to another. `last` is the SHA-256 of the stored bytes at `up_to`.

    `left_out` counts those that do not leave the house or were not asked for, all kinds together.
    """

    after: int
    up_to: int
    rows: int
    left_out: int
    last: str


class Described(_Part):
    """A column as readers see it; `default` holds for rows of files that lack it."""

    name: str
    type: str
    default: object = None


class Held(_Part):
    """One file of rows: facts of one topic, in the order of their positions."""

    topic: str
    file: str
    rows: int
    first: int
    last: int
    bytes: int
    sha256: str
    schema_sha256: str
    columns: tuple[Described, ...]
    left_out: dict[str, str]


class Ledger(_Part):
    """The published checkpoint of the region's ledger, and up to where it had sequenced each service's facts.

    `holds` says that every exported fact was in the published tree when this was asked.
    """

    size: int
    root: str
    sequenced: dict[str, int]
    holds: bool


class Manifest(_Part):
    """One round. `previous` is the SHA-256 of the manifest before it: none can be taken out or put in unnoticed."""

    format: Literal["alongside-snapshot/v1"] = FORMAT
    round: int
    region: str
    recipient: str
    key: str
    files: Files
    facts: tuple[str, ...]
    taken_at: AwareDatetime
    made_with: str
    previous: str | None
    services: dict[str, Stretch]
    tables: tuple[Held, ...]
    ledger: Ledger | None

    @property
    def positions(self) -> dict[str, int]:
        """What the snapshot stands for after this round, by service."""
        return {service: found.up_to for service, found in self.services.items()}

    @property
    def rows(self) -> int:
        return sum(held.rows for held in self.tables)


def text(manifest: Manifest) -> str:
    """As it is written."""
    return manifest.model_dump_json(indent=1) + "\n"


def read(file: Path) -> tuple[Manifest, str]:
    """A manifest and the SHA-256 of its file. Raises NotASnapshot."""
    try:
        found = file.read_bytes()
        return Manifest.model_validate_json(found), sha256(found).hexdigest()
    except OSError as missing:
        raise NotASnapshot(f"{file} can't be read: {missing.strerror}") from missing
    except ValidationError as wrong:
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors()[:3])
        raise NotASnapshot(f"{file} is no manifest of a snapshot: {said}") from wrong
