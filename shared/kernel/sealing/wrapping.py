"""Data keys as the keyring's database has them: wrapped with an epoch's key (AES-KWP) and bound to their person."""

from hashlib import sha256

from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from shared.kernel.sealing.cipher import KEY_BYTES
from shared.kernel.sealing.keyring import KeyRef

_BINDING_BYTES = 16


class NotUnwrapped(Exception):
    """Wrapped with another epoch's key, altered, or put in another person's place."""


def wrap(epoch_key: bytes, ref: KeyRef, data_key: bytes) -> bytes:
    """The data key with whose it is and for what: a copy of it in another row, which would outlive it, is of no use."""
    return aes_key_wrap_with_padding(epoch_key, data_key + _binding(ref))


def unwrap(epoch_key: bytes, ref: KeyRef, wrapped: bytes) -> bytes:
    """The data key. Raises NotUnwrapped."""
    try:
        found = aes_key_unwrap_with_padding(epoch_key, wrapped)
    except InvalidUnwrap:
        raise NotUnwrapped("wrapped with another key, or altered") from None
    if len(found) != KEY_BYTES + _BINDING_BYTES or found[KEY_BYTES:] != _binding(ref):
        raise NotUnwrapped("the key of another person or of another class")
    return found[:KEY_BYTES]


def _binding(ref: KeyRef) -> bytes:
    return sha256(b"alongside-key/v1\n" + ref.subject_id.bytes + ref.keep.encode()).digest()[:_BINDING_BYTES]
