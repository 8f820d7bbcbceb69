"""A snapshot's folder: one folder for each round, which is there whole or not at all."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.snapshots import manifest
from deploy.snapshots.manifest import Manifest, NotASnapshot

FACTS = "facts"
_ROUND = re.compile(r"\d{6}")
_NEW = ".new-"


class Busy(Exception):
    """Another process writes to this folder."""


class Occupied(Exception):
    """Something is there already."""


def named(number: int) -> str:
    return f"{number:06d}"


def rounds(folder: Path) -> list[Path]:
    """The folders of its rounds, in order. Raises NotASnapshot when there is none."""
    found = sorted(one for one in folder.glob("*") if one.is_dir() and _ROUND.fullmatch(one.name))
    if not found:
        raise NotASnapshot(f"{folder} holds no snapshot; take one with ./alongside snapshot take {folder}")
    return found


def newest(folder: Path) -> tuple[Manifest, str]:
    """The manifest of the newest round, and its SHA-256. Raises NotASnapshot."""
    return manifest.read(rounds(folder)[-1] / manifest.FILE)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only writer until the end; what one that was killed left unfinished is cleared away. Raises Busy."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Busy(f"another process writes to {folder}") from None
        for left in folder.glob(f"{_NEW}*"):
            shutil.rmtree(left)
        yield


def assert_empty(folder: Path) -> None:
    """Raises Occupied unless a first round may be written here."""
    there = [one.name for one in folder.iterdir() if one.name != ".lock"]
    if any(_ROUND.fullmatch(name) for name in there):
        raise Occupied(f"{folder} holds a snapshot already: follow it, or name another folder")
    if there:
        raise Occupied(f"{folder} is not empty (there is {sorted(there)[0]}): name another folder")


def begin(folder: Path, number: int) -> Path:
    """The folder in which a round is made."""
    made = folder / f"{_NEW}{named(number)}"
    (made / FACTS).mkdir(parents=True)
    return made


def write(made: Path, found: Manifest) -> None:
    """Put the manifest beside the files, and all of it on the disk."""
    written = made / manifest.FILE
    written.write_text(manifest.text(found))
    for part in (*(made / FACTS).iterdir(), written, made / FACTS, made):
        _sync(part)


def publish(made: Path, number: int) -> None:
    """Make it a round, by one rename: that is the moment it exists."""
    made.rename(made.parent / named(number))
    _sync(made.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
