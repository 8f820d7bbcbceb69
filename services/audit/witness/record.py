"""What a witness cosigned last, each log in a file of its own, which is replaced whole or not at all."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.cosignature import Witness, seconds_of
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.note import parse_note
from services.audit.witness import disk

SUFFIX = ".checkpoint"
EVIDENCE = "evidence"
MOST_EVIDENCE = 1_000


class InUse(Exception):
    """Another process witnesses with this directory."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The last checkpoint of a log that this witness cosigned, as the log signed it, and when (seconds since 1970)."""

    checkpoint: Checkpoint
    at: int
    note: bytes


class Record:
    """The directory in which a witness remembers."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @contextmanager
    def held(self) -> Iterator[None]:
        """Only one process at a time. Raises InUse."""
        disk.folder(self.directory)
        with (self.directory / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as taken:
                raise InUse(f"another witness runs on {self.directory}") from taken
            yield

    def latest(self, origin: str, witness: Witness) -> Cosigned | None:
        """What is kept of this log. Raises Malformed when the file is not what this witness wrote."""
        file = self._file(origin)
        if not file.exists():
            return None
        found = _read(file.read_bytes(), witness)
        if found.checkpoint.origin != origin:
            raise Malformed(f"{file.name} is of another log")
        return found

    def keep(self, cosigned: Cosigned) -> None:
        """Returns when it will survive the loss of power."""
        disk.write(self._file(cosigned.checkpoint.origin), cosigned.note)

    def everything(self, witness: Witness) -> list[Cosigned]:
        """Every log's last checkpoint, by origin."""
        files = self.directory.glob(f"*{SUFFIX}")
        return sorted(
            (_read(each.read_bytes(), witness) for each in files), key=lambda e: e.checkpoint.origin
        )

    def accuse(self, checkpoint: Checkpoint, body: bytes, latest: Cosigned | None) -> None:
        """Keeps what the log signed and this witness refused, beside what it had cosigned.

        Two roots of one size are proof against the log by themselves. Best effort: the refusal stands without it.
        """
        folder = self.directory / EVIDENCE
        named = f"{checkpoint.size}-{sha256(checkpoint.text().encode()).hexdigest()[:32]}"
        with suppress(OSError):
            disk.folder(folder)
            if len(self.accusations()) < MOST_EVIDENCE and not (folder / f"{named}.request").exists():
                disk.write(folder / f"{named}.cosigned", latest.note if latest else b"")
                disk.write(folder / f"{named}.request", body)

    def accusations(self) -> list[Path]:
        return sorted((self.directory / EVIDENCE).glob("*.request"))

    def _file(self, origin: str) -> Path:
        return self.directory / (sha256(origin.encode()).hexdigest() + SUFFIX)


def _read(data: bytes, witness: Witness) -> Cosigned:
    note = parse_note(data)
    for each in note.unverified:
        if (each.name, each.key_id) == (witness.name, witness.key_id):
            if witness.verify(note.text.encode(), each.signature):
                return Cosigned(Checkpoint.parse(note.text), seconds_of(each), data)
            break
    raise Malformed("a kept checkpoint that this witness's key has not cosigned")
