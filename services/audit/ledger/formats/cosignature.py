"""Cosignatures of witnesses (C2SP tlog-cosignature, Ed25519): this was the largest tree I had seen at this time."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.audit.ledger.formats.exact import LARGEST, Malformed
from services.audit.ledger.formats.note import Signature
from shared.kernel.notekeys import COSIGNATURE, Signer, Verifier


class CosignatureError(Malformed):
    """Not a witness's cosignature, or not one of this checkpoint."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness's public key; `open_note` takes it beside the log's own. Its vkey has signature type 4."""

    verifier: Verifier

    def __post_init__(self) -> None:
        if self.verifier.kind != COSIGNATURE:
            raise CosignatureError(f"the key of {self.verifier.name} is not one for cosignatures (type 4)")

    @classmethod
    def parse(cls, vkey: str) -> "Witness":
        return cls(Verifier.parse(vkey))

    @property
    def name(self) -> str:
        return self.verifier.name

    @property
    def key_id(self) -> bytes:
        return self.verifier.key_id

    def vkey(self) -> str:
        return self.verifier.vkey()

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the 72 bytes (time and signature) are this witness's, of this checkpoint's text."""
        if len(signature) != 72 or (at := _seconds(signature)) > LARGEST:
            return False
        return self.verifier.verify(cosigned(message, at), signature[8:])


def cosigned(checkpoint_text: bytes, at: int) -> bytes:
    """What a witness signs; `at` in seconds since 1970."""
    return b"cosignature/v1\ntime %d\n" % at + checkpoint_text


def cosign(checkpoint_text: str, name: str, seed: bytes, at: int) -> Signature:
    """The signature line of the witness for this checkpoint; `at` in seconds since 1970."""
    if not 0 < at <= LARGEST:
        raise CosignatureError("a cosignature's time is in seconds since 1970")
    signer = Signer(name, seed, COSIGNATURE)
    made = signer.sign(cosigned(checkpoint_text.encode(), at))
    return Signature(name, signer.key_id, at.to_bytes(8, "big") + made)


def seconds_of(signature: Signature) -> int:
    """When the witness says it cosigned, in seconds since 1970; meant for verified signatures."""
    if len(signature.signature) != 72:
        raise CosignatureError(f"the signature of {signature.name} is not a cosignature")
    return _seconds(signature.signature)


def time_of(signature: Signature) -> datetime:
    """The same as a time in UTC. Raises CosignatureError for a year that calendars do not have."""
    try:
        return datetime.fromtimestamp(seconds_of(signature), UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise CosignatureError("a cosignature's time lies beyond the calendar") from error


def _seconds(signature: bytes) -> int:
    return int.from_bytes(signature[:8], "big")
