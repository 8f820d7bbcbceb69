"""Signed notes (C2SP signed-note): a text that people can read, and signatures that programs can check."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from services.audit.ledger.formats.exact import Malformed, b64, text_of, unbase64
from shared.kernel.notekeys import Signer as Signer
from shared.kernel.notekeys import Verifier as Verifier
from shared.kernel.notekeys import check_name

LONGEST = 1_000_000
MOST_SIGNATURES = 100


class NoteError(Malformed):
    """Not a signed note, or not one that these keys have signed."""


class Unsigned(NoteError):
    """A note in good form that none of the known keys has signed."""


class Verifies(Protocol):
    """What `open_note` asks of a key: a note's own Verifier, or that of a witness's cosignatures."""

    @property
    def name(self) -> str: ...

    @property
    def key_id(self) -> bytes: ...

    def verify(self, message: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its four-byte id, and what it signed with."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        return f"— {self.name} {b64(self.key_id + self.signature)}\n"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """From a line without its newline."""
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":
            raise NoteError(f"not a signature line: {line[:60]!r}")
        data = unbase64(parts[2])
        if len(data) < 5:
            raise NoteError("a signature of no length")
        return cls(check_name(parts[1]), data[:4], data[4:])


@dataclass(frozen=True, slots=True)
class Note:
    """A note: its text with the last newline, the verified signatures, and those of unknown keys."""

    text: str
    signatures: tuple[Signature, ...]
    unverified: tuple[Signature, ...] = ()


def sign(text: str, *signers: Signer) -> bytes:
    """The text with a signature line of each signer."""
    text_of(text.encode(), LONGEST)
    if not text.endswith("\n"):
        raise NoteError("the text of a note ends with a newline")
    lines = (f"— {signer.name} {signer.signature(text.encode())}\n" for signer in signers)
    return (text + "\n" + "".join(lines)).encode()


def with_signatures(note: bytes, lines: Iterable[Signature]) -> bytes:
    """The same note with more signature lines behind its own."""
    return note + "".join(line.line() for line in lines).encode()


def parse_note(data: bytes) -> Note:
    """A note's parts, with no signature verified yet: nothing in it may be believed."""
    text, rest = _parted(text_of(data, LONGEST))
    lines = rest.removesuffix("\n").split("\n")
    if not rest.endswith("\n") or len(lines) > MOST_SIGNATURES:
        raise NoteError("a note ends with one to a hundred signature lines, each with its newline")
    return Note(text, (), tuple(Signature.parse(line) for line in lines))


def open_note(data: bytes, verifiers: Iterable[Verifies]) -> Note:
    """The note, when a known key has signed it and no known key's signature is false.

    Signatures of unknown keys are left in `unverified`. Raises NoteError.
    """
    known = {(each.name, each.key_id): each for each in verifiers}
    note = parse_note(data)
    verified, unverified = [], []
    for signature in note.unverified:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            unverified.append(signature)
        elif verifier.verify(note.text.encode(), signature.signature):
            verified.append(signature)
        else:
            raise NoteError(f"the signature of {signature.name} is false")
    if not verified:
        raise Unsigned("none of the known keys has signed this note")
    return Note(note.text, tuple(verified), tuple(unverified))


def _parted(text: str) -> tuple[str, str]:
    parted = text.rfind("\n\n")
    if parted < 0:
        raise NoteError("no empty line between a note's text and its signatures")
    return text[: parted + 1], text[parted + 2 :]
