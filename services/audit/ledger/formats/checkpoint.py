"""Checkpoints (C2SP tlog-checkpoint): a log's name, size and root, as the text of a signed note."""

from dataclasses import dataclass

from services.audit.ledger.formats.exact import LARGEST, Malformed, b64, decimal, hash_line


class CheckpointError(Malformed):
    """Not the text of a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: `size` leaves whose tree has this root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lines = (self.origin, *self.extensions)
        if any(not line or any(letter < " " for letter in line) for line in lines):
            raise CheckpointError("a checkpoint's lines are not empty and hold no control characters")
        if not 0 <= self.size <= LARGEST or len(self.root) != 32:
            raise CheckpointError("a checkpoint has a size up to 2**63-1 and a root of 32 bytes")

    def text(self) -> str:
        return "\n".join((self.origin, str(self.size), b64(self.root), *self.extensions, ""))

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """From a note's text; raises CheckpointError or another Malformed."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise CheckpointError("a checkpoint has at least three lines, each with its newline")
        origin, size, root, *extensions = lines[:-1]
        return cls(origin, decimal(size), hash_line(root), tuple(extensions))


def parse(text: str) -> Checkpoint:
    return Checkpoint.parse(text)
