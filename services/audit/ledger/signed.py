"""What was signed last, kept outside the database: whoever restores an old database can't sign a second history."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

FILE = "last-signed.json"


class SigningRefused(Exception):
    """Signing would tell two histories; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class LastSigned:
    """A tree that carries our signature: `root` is hexadecimal."""

    origin: str
    size: int
    root: str


class Memory:
    """One directory, one writer: a second process that wants it is refused while the first one has it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock: IO[str] | None = None

    def open(self) -> "Memory":
        """Take the directory. Raises SigningRefused when another process has it."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self._directory / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise SigningRefused(f"another process signs with {self._directory}") from None
        self._lock = lock
        return self

    def close(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def last(self) -> LastSigned | None:
        """None before the first signature. Raises SigningRefused when the file can't be understood."""
        return last_signed(self._directory)

    def keep(self, signed: LastSigned) -> None:
        """On disk when it returns. Raises SigningRefused for a smaller tree, or another one of the same size."""
        assert self._lock is not None
        last = self.last()
        if last and (last.size > signed.size or (last.size == signed.size and last != signed)):
            raise SigningRefused(
                f"a tree of {last.size} with root {last.root} is signed: not {signed.size}, {signed.root}"
            )
        if last == signed:
            return
        fresh = self._directory / f"{FILE}.new"
        with fresh.open("w") as file:
            json.dump(asdict(signed), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._directory / FILE)
        directory = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def last_signed(directory: Path) -> LastSigned | None:
    """What this directory remembers; None before the first signature. Raises SigningRefused when it is unreadable."""
    try:
        return LastSigned(**json.loads((directory / FILE).read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise SigningRefused(f"{directory / FILE} can't be read: {error}") from error
