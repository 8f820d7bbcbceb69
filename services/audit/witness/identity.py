"""The witness's key: one line of a file that only its owner reads, made once and never written over."""

from pathlib import Path

from services.audit.witness import disk
from shared.kernel.notekeys import COSIGNATURE, Malformed, Signer


def make(file: Path, name: str) -> Signer:
    """A new key in a new file. Raises FileExistsError, and Malformed for a name that no key can have."""
    signer = Signer.new(name, COSIGNATURE)
    disk.folder(file.parent)
    disk.create(file, f"{signer.skey()}\n".encode())
    return signer


def read(file: Path) -> Signer:
    """The key of the file; one made for plain notes cosigns as well. Raises OSError or Malformed."""
    found = Signer.parse(file.read_text().strip())
    if file.stat().st_mode & 0o077:
        raise Malformed(f"{file} can be read by others; chmod 600 it, or make another key if it was")
    return Signer(found.name, found.seed, COSIGNATURE)
