"""Ed25519 keys in the text form of C2SP signed-note, and signatures that begin with the key's id."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
"""Signature type of a note signed by its author (signed-note)."""
COSIGNATURE = 0x04
"""Signature type of a witness's timestamped cosignature (tlog-cosignature)."""

_PRIVATE = "PRIVATE+KEY+"
_KEY_ID = re.compile(r"[0-9a-f]{8}")


class Malformed(ValueError):
    """Text or bytes that are not exactly of their format; the message says what is wrong."""


def unbase64(text: str) -> bytes:
    """Standard base64 with padding, in its one canonical spelling; raises Malformed for any other."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Malformed(f"not base64: {text[:60]!r}") from error
    if base64.b64encode(found).decode() != text:
        raise Malformed(f"base64 with stray bits: {text[:60]!r}")
    return found


def check_name(name: str) -> str:
    """A key's name: not empty, no spaces of any script, no plus, nothing below U+0020."""
    if not name or "+" in name or any(letter.isspace() or letter < " " for letter in name):
        raise Malformed(f"not a key name: {name[:60]!r}")
    return name


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes that tell keys apart: SHA-256(name, newline, type, public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True)
class Verifier:
    """A public key with its name. `Verifier.parse` reads `<name>+<8 hex>+<base64>`, `vkey()` writes it."""

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != 32:
            raise Malformed("an Ed25519 public key has 32 bytes")

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        name, kind, public = _parse(text, "vkey")
        found = cls(name, public, kind)
        if found.vkey() != text:
            raise Malformed(f"the key id of {name} is not that of its key")
        return found

    @cached_property
    def key_id(self) -> bytes:
        return key_id(self.name, self.kind, self.public)

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public)

    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(bytes([self.kind]) + self.public)}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of the message (without the key id before them)."""
        try:
            self._key.verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key with its name. `Signer.parse` reads `PRIVATE+KEY+<name>+<8 hex>+<base64>`, `skey()` writes it."""

    name: str
    seed: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.seed) != 32:
            raise Malformed("an Ed25519 seed has 32 bytes")

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"  # a seed must not reach a log

    @classmethod
    def parse(cls, text: str) -> "Signer":
        if not text.startswith(_PRIVATE):
            raise Malformed(f"a private key begins with {_PRIVATE}")
        name, kind, seed = _parse(text.removeprefix(_PRIVATE), "private key")
        found = cls(name, seed, kind)
        if found.skey() != text:
            raise Malformed(f"the key id of {name} is not that of its key")
        return found

    @classmethod
    def new(cls, name: str, kind: int = ED25519) -> "Signer":
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key.public_key().public_bytes_raw(), self.kind)

    @property
    def key_id(self) -> bytes:
        return self.verifier.key_id

    def vkey(self) -> str:
        return self.verifier.vkey()

    def skey(self) -> str:
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{_b64(bytes([self.kind]) + self.seed)}"

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of an Ed25519 signature; the same for the same message, always."""
        return self._key.sign(message)

    def signature(self, message: bytes) -> str:
        """Base64 of the key id and the signature: what a note's line and a fact's header carry."""
        return _b64(self.key_id + self.sign(message))


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _parse(text: str, what: str) -> tuple[str, int, bytes]:
    parts = text.split("+", 2)  # base64 has plus signs of its own
    if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
        raise Malformed(f"not a {what}: name, 8 hexadecimal digits and base64, joined by +")
    key = unbase64(parts[2])
    if len(key) != 33 or key[0] not in (ED25519, COSIGNATURE):
        raise Malformed(f"the {what} of {parts[0][:60]} is not of Ed25519")
    return parts[0], key[0], key[1:]
