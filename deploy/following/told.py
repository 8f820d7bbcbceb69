"""A fact as it came, and as it is printed."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

from shared.kernel import envelope
from shared.kernel.envelope import Envelope

COLOURS = {"assignments": "cyan", "sessions": "green", "training": "magenta", "notifications": "yellow"}


@dataclass(frozen=True)
class Told:
    """One fact: its place, and the bytes as they are stored."""

    service: str
    position: int
    state: bytes

    @property
    def place(self) -> str:
        return f"{self.service}/{self.position}"

    @cached_property
    def envelope(self) -> Envelope:
        return envelope.read(self.state)

    def row(self) -> dict[str, Any]:
        """What tells it from others, for programs."""
        head = self.envelope
        return {
            "place": self.place,
            "service": self.service,
            "position": self.position,
            "id": str(head.id),
            "type": head.type,
            "subject": head.subject,
            "time": head.time.isoformat(),
            "actor": head.actor,
            "correlation_id": head.correlationid,
        }

    def whole(self) -> dict[str, Any]:
        """The CloudEvent."""
        event: dict[str, Any] = msgspec.json.decode(self.state)
        return event


def line(told: Told, *more: tuple[str, str]) -> Text:
    """One line for people; `more` are words with their style."""
    head, colour = told.envelope, COLOURS.get(told.service, "white")
    _, name, version = head.type.split(".")
    return Text.assemble(
        (f"{head.time:%Y-%m-%d %H:%M:%S} ", "dim"),
        (f"{told.place:<20} ", colour),
        (f"{name} ", "bold"),
        (f"{version} ", "dim"),
        f"{head.subject} ",
        (f"by {head.actor}", "dim"),
        *more,
    )


def console(*, is_error: bool = False) -> Console:
    """Lines are never folded: where there is no screen, programs cut them up."""
    return Console(stderr=is_error, highlight=False, soft_wrap=True)
