"""One sealed field: a key used once, AES-256-GCM, a commitment to the key, and the text that is stored."""

import hmac
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass

PREFIX = "sealed:"
KEY_BYTES = 32
BLOCK = 32
"""A field's JSON is filled up to a multiple of this, so that its length tells little."""

_CLASSES: Mapping[str, RetentionClass] = {keep: keep for keep in RETENTION_CLASSES}
# The signs of plain base64 become some that are not of the alphabet, so that they are refused.
_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_+/", b"+/!!")
_HASH_BYTES = 32
_TAG_BYTES = 16
# GCM must never see a key and a nonce twice. This key is used once, so the nonce need not differ.
_NONCE = bytes(12)


class SealBroken(Exception):
    """The text is no sealed field, was sealed with another key, or was altered; never a reason to say `erased`."""


class Place(NamedTuple):
    """Where a field stands: what its key is derived from, and what it can't be moved away from."""

    event_id: UUID
    topic: str
    path: str


class Sealed(NamedTuple):
    """The parts of a sealed text: what it is kept for, the commitment to its key, and the ciphertext with its tag."""

    keep: RetentionClass
    commitment: bytes
    ciphertext: bytes


def is_sealed(value: object) -> bool:
    """Whether a field's JSON value is a sealed text. Facts from before sealing have plain values."""
    return isinstance(value, str) and value.startswith(PREFIX)


def seal_field(data_key: bytes, place: Place, keep: RetentionClass, plain: bytes) -> str:
    """`sealed:v1:<class>:<commitment>:<ciphertext>` of a field's JSON. `data_key` has 32 bytes."""
    key, commitment = _derived(data_key, place)
    ciphertext = AESGCM(key).encrypt(_NONCE, plain.ljust(-(-len(plain) // BLOCK) * BLOCK), _bound(place))
    return f"{PREFIX}v1:{keep}:{_written(commitment)}:{_written(ciphertext)}"


def open_field(data_key: bytes, place: Place, text: str | Sealed) -> bytes:
    """The JSON that was sealed, with its padding, which is white space. Raises SealBroken."""
    sealed = read_sealed(text) if isinstance(text, str) else text
    key, commitment = _derived(data_key, place)
    # First of all: GCM alone would open under some other key too, if somebody took the trouble to find one.
    if not hmac.compare_digest(commitment, sealed.commitment):
        raise SealBroken(f"{place.topic} {place.event_id} {place.path}: sealed with another key")
    try:
        return AESGCM(key).decrypt(_NONCE, sealed.ciphertext, _bound(place))
    except InvalidTag:
        raise SealBroken(f"{place.topic} {place.event_id} {place.path}: altered") from None


def read_sealed(text: str) -> Sealed:
    """The parts of a sealed text. Raises SealBroken for anything that seal_field does not write."""
    parts = text.split(":")
    if len(parts) != 5 or parts[0] != "sealed" or parts[1] != "v1" or parts[2] not in _CLASSES:
        raise SealBroken("not a sealed field of version 1")
    commitment, ciphertext = _read(parts[3]), _read(parts[4])
    blocks = len(ciphertext) - _TAG_BYTES
    if len(commitment) != _HASH_BYTES or blocks < BLOCK or blocks % BLOCK:
        raise SealBroken("a sealed field of an impossible length")
    return Sealed(_CLASSES[parts[2]], commitment, ciphertext)


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869). Raises ValueError when more is asked for than it can give."""
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _derived(data_key: bytes, place: Place) -> tuple[bytes, bytes]:
    """The field's own key and the commitment to it."""
    if len(data_key) != KEY_BYTES:
        raise ValueError("a data key has 32 bytes")
    both = hkdf(data_key, place.event_id.bytes, place.path.encode(), KEY_BYTES + _HASH_BYTES)
    return both[:KEY_BYTES], both[KEY_BYTES:]


def _bound(place: Place) -> bytes:
    """Authenticated with the field. None of the parts has a newline in it, so no two places read the same."""
    return f"{place.event_id}\n{place.topic}\n{place.path}".encode()


def _written(found: bytes) -> str:
    return b2a_base64(found, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def _read(text: str) -> bytes:
    """Strictly what `_written` writes: one text for one value."""
    try:
        padded = text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4)
        found = a2b_base64(padded, strict_mode=True)
    except ValueError:
        raise SealBroken("a sealed field that is not base64url") from None
    if b2a_base64(found, newline=False) != padded:
        raise SealBroken("a sealed field that is not canonical base64url")
    return found
