"""What a bundle says of itself; everything in it is compared with what is there."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

from services.audit.bundle.archive import BadBundle

FORMAT = "alongside-bundle/v1"
NAME = "manifest.json"
LARGEST = 1024 * 1024
MOST = 2**53

Scope: TypeAlias = Literal["region", "child", "mentor"]
SOURCE = re.compile(r"(/[a-z0-9]+(-[a-z0-9]+)*){2}")


@dataclass(frozen=True)
class Asked:
    """What the auditor asked for: whose facts, and recorded from when until before when (None: all time)."""

    scope: Scope
    id: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Span:
    """The positions of one producer that are in the bundle: first, last, and how many."""

    first: int
    last: int
    facts: int


@dataclass(frozen=True)
class Manifest:
    """`begin` and `end` (half-open) are the ledger's indexes of a region's bundle, and absent from the others.

    `pin` is the size of the earlier checkpoint that the bundle shows itself to be consistent with.
    """

    asked: Asked
    made_at: str
    origin: str
    size: int
    root: str
    pin: int | None
    begin: int | None
    end: int | None
    facts: int
    positions: Mapping[str, Span]

    def encode(self) -> bytes:
        """The only bytes that say this."""
        return _canonical({"format": FORMAT, **asdict(self)})

    @classmethod
    def decode(cls, content: bytes) -> "Manifest":
        """Raises BadBundle unless these are exactly the bytes that `encode` makes."""
        try:
            if len(content) > LARGEST:
                raise ValueError("it is too long")
            found = json.loads(content)
            if not isinstance(found, dict) or found.pop("format", None) != FORMAT:
                raise ValueError(f"it is not in the format {FORMAT}")
            made = cls(
                **{
                    **found,
                    "asked": Asked(**found["asked"]),
                    "positions": {source: Span(**span) for source, span in found["positions"].items()},
                }
            )
            made._check()
            if made.encode() != content:
                raise ValueError("it is not written in the one way in which it must be")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
            raise BadBundle(NAME, str(wrong) or type(wrong).__name__) from None
        return made

    def _check(self) -> None:
        asked = self.asked
        if asked.scope not in get_args(Scope) or (asked.id is None) != (asked.scope == "region"):
            raise ValueError("it does not say whose facts these are")
        if (self.begin is None) != (asked.scope != "region") or (self.end is None) != (self.begin is None):
            raise ValueError("a region's bundle has a beginning and an end, the others have none")
        for text in (self.made_at, self.origin, self.root, asked.id, asked.since, asked.until):
            if text is not None and not (isinstance(text, str) and text.isascii() and text.isprintable()):
                raise ValueError(f"{text!r} is no text that belongs here")
        if not re.fullmatch(r"[0-9a-f]{64}", self.root):
            raise ValueError("its root is no SHA-256")
        spans = [number for span in self.positions.values() for number in (span.first, span.last, span.facts)]
        for number in (self.size, self.facts, self.pin or 0, self.begin or 0, self.end or 0, *spans):
            if type(number) is not int or not 0 <= number <= MOST:
                raise ValueError(f"{number!r} is no count")
        if not (self.begin or 0) <= (self.end or 0) <= self.size or self.facts > self.size:
            raise ValueError("it claims more than the ledger holds")
        if not all(SOURCE.fullmatch(source) for source in self.positions):
            raise ValueError("a producer's name is /region/service")


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, indent=1, ensure_ascii=True).encode() + b"\n"
