"""The keys of the epochs: files of their owner's only, outside the database, so that no copy of one opens the other."""

import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

from shared.kernel.sealing.cipher import KEY_BYTES

HEAD = "alongside-epoch/v1"


class EpochKeyMissing(Exception):
    """The directory has no key of this epoch: destroyed, or never there."""


class EpochKeyUnfit(Exception):
    """The file is there and can't be used; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class EpochKey:
    """The key that wraps data keys while its epoch is the current one."""

    number: int
    key: bytes = field(repr=False)

    @property
    def fingerprint(self) -> bytes:
        """Kept in the database, to tell a directory that belongs to another keyring. 16 bytes."""
        return sha256(f"{HEAD}\n{self.number}\n".encode() + self.key).digest()[:16]


class Epochs:
    """A directory with one file for each epoch. What was read is remembered while the same file is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[int, tuple[tuple[int, int], EpochKey]] = {}

    def make(self, number: int) -> EpochKey:
        """The key of this epoch, made where there is none. Two at once come to the same. Durable on return."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, fresh = self._file(number), self.folder / f".{number:04d}.{secrets.token_hex(8)}"
        if not file.exists():
            made = EpochKey(number, secrets.token_bytes(KEY_BYTES))
            try:
                _write_durably(fresh, _text(made))
                # Not a rename: whoever comes second must not replace the key of the first.
                os.link(fresh, file)
            except FileExistsError:
                pass
            finally:
                fresh.unlink(missing_ok=True)
            _sync(self.folder)
        return self.read(number)

    def read(self, number: int) -> EpochKey:
        """The key of this epoch. Raises EpochKeyMissing and EpochKeyUnfit."""
        file = self._file(number)
        try:
            found = file.stat()
            identity = found.st_ino, found.st_mtime_ns
            known = self._known.get(number)
            if known is None or known[0] != identity:
                if S_IMODE(found.st_mode) & 0o077:
                    raise EpochKeyUnfit(
                        f"{file.name} is open to others than its owner: chmod 600, then rotate"
                    )
                known = self._known[number] = identity, self._parsed(number, file.read_bytes())
        except FileNotFoundError:
            self._known.pop(number, None)
            raise EpochKeyMissing(f"there is no key of epoch {number}") from None
        except OSError as failure:
            raise EpochKeyUnfit(f"{file.name} can't be read: {failure.strerror}") from None
        return known[1]

    def _parsed(self, number: int, text: bytes) -> EpochKey:
        """Raises EpochKeyUnfit, and FileNotFoundError when what was read was being destroyed."""
        try:
            lines = text.decode("ascii").split("\n")
            found = EpochKey(int(lines[1]), b64decode(lines[2], validate=True))
            if found.number != number or len(found.key) != KEY_BYTES or _text(found).encode() != text:
                raise ValueError
        except (IndexError, ValueError):
            self._file(number).stat()
            raise EpochKeyUnfit(f"epoch-{number:04d}.key is damaged") from None
        return found

    def numbers(self) -> list[int]:
        """The epochs whose keys are here, oldest first."""
        return sorted(int(file.stem.removeprefix("epoch-")) for file in self.folder.glob("epoch-[0-9]*.key"))

    def newest(self) -> int:
        """Raises EpochKeyMissing when there is none."""
        if not (found := self.numbers()):
            raise EpochKeyMissing("there is no epoch key at all")
        return found[-1]

    def destroy(self, number: int) -> None:
        """Overwrite and remove; safe to repeat.

        A file system that copies on writing, or a snapshot of it, may still have the bytes: the directory belongs on a
        volume without snapshots and into no backup that outlives an epoch.
        """
        file, doomed = self._file(number), self.folder / f".{number:04d}.doomed"
        self._known.pop(number, None)
        if file.exists():
            file.rename(doomed)  # at once: nobody may read half a key
        if doomed.exists():
            with doomed.open("r+b") as opened:
                opened.write(secrets.token_bytes(max(doomed.stat().st_size, 1)))
                opened.flush()
                os.fsync(opened.fileno())
            doomed.unlink(missing_ok=True)
        if self.folder.exists():
            _sync(self.folder)

    def _file(self, number: int) -> Path:
        return self.folder / f"epoch-{number:04d}.key"


def _text(key: EpochKey) -> str:
    return f"{HEAD}\n{key.number}\n{b64encode(key.key).decode()}\n{key.fingerprint.hex()}\n"


def _write_durably(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
