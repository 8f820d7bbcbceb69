"""Files that are there, whole, after the loss of power, or not at all."""

import os
from pathlib import Path


def write(file: Path, data: bytes) -> None:
    """Replaces the file, readable by its owner only; returns when that will last."""
    fresh = file.with_name(file.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    settle(file.parent)


def create(file: Path, data: bytes) -> None:
    """A new file, readable by its owner only. Raises FileExistsError."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    settle(file.parent)


def folder(path: Path) -> None:
    """Makes the folder, closed to others, when it is not there."""
    if not path.is_dir():
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        settle(path.parent)


def settle(path: Path) -> None:
    """What was made, renamed or removed in the folder lasts from now on."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
