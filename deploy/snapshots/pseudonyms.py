"""Ids that mean nothing outside one recipient's copy: the same id is the same pseudonym there, and only there."""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from deploy.credentials import write_private

FOLDER = "snapshot-keys"
KEY_BYTES = 32
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_KEPT = 1 << 16


class NoKey(Exception):
    """The recipient's name is none, or its key can't be read; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Of one recipient. `mark` names the key without telling it."""

    recipient: str
    mark: str
    of_id: Callable[[str], str]
    of_person: Callable[[str], str]


def pseudonyms(recipient: str, key: bytes) -> Pseudonyms:
    """HMAC-SHA256 of what is named, shown as a UUID of version 8 (RFC 9562: bits of one's own making)."""

    def under(kind: bytes) -> Callable[[str], str]:
        @lru_cache(_KEPT)
        def pseudonym(named: str) -> str:
            return str(_shaped(hmac.digest(key, kind + b"\0" + named.encode(), sha256)))

        return pseudonym

    return Pseudonyms(recipient, under(b"key")(""), under(b"id"), under(b"person"))


def kept(data: Path, recipient: str, make: bool = True) -> Pseudonyms:
    """The recipient's; the key is made at first use, in a file that only its owner reads. Raises NoKey."""
    if not _NAME.fullmatch(recipient):
        raise NoKey(f"{recipient!r} is no name of a recipient: use a-z, 0-9 and -")
    file = data / FOLDER / f"{recipient}.key"
    try:
        if make and not file.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(file, secrets.token_hex(KEY_BYTES))
        if file.stat().st_mode & 0o077:
            raise NoKey(f"others can read {file}: chmod 600, and think whether they did")
        key = bytes.fromhex(file.read_text())
    except (OSError, ValueError) as broken:
        raise NoKey(f"the key of {recipient} can't be used: {broken}") from broken
    if len(key) != KEY_BYTES:
        raise NoKey(f"{file} is not a key of {KEY_BYTES} bytes")
    return pseudonyms(recipient, key)


def _shaped(digest: bytes) -> UUID:
    bits = int.from_bytes(digest[:16])
    bits = bits & ~(0xF << 76) | 8 << 76
    return UUID(int=bits & ~(0b11 << 62) | 0b10 << 62)
