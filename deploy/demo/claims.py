"""What the story claims: each claim is held against what was read back, and the first that fails ends it."""

from dataclasses import dataclass, field
from typing import Any, Protocol


class DidNotHold(Exception):
    """The system did not do what the story says. The message tells what, and what was seen instead."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that was checked; `seen` is what was read back."""

    claim: str
    held: bool
    seen: Any = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command or question that the story shows: who asked what, and the answer in a few words."""

    who: str
    asked: str
    status: int
    answered: str


@dataclass(slots=True)
class Chapter:
    """One step of the main job; `kept` holds its ids and read-backs by name."""

    number: int
    title: str
    seconds: float = 0.0
    claims: list[Claim] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)


class Teller(Protocol):
    """Where the story goes while it happens: a terminal, or nowhere."""

    def chapter(self, chapter: Chapter) -> None: ...
    def exchange(self, exchange: Exchange) -> None: ...
    def claim(self, claim: Claim) -> None: ...
    def say(self, text: str) -> None: ...
    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None: ...
    def progress(self, text: str, done: int, total: int) -> None: ...
