"""What the clients saw: every attempt of every command, with its answer or without one."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending of a command. `status` is None when no answer came: cut off, refused a connection, late."""

    status: int | None
    body: Any


@dataclass(slots=True)
class Command:
    """A command and all its attempts, always under the same idempotency key; `after` is what it waits for."""

    service: str
    path: str
    body: Any
    role: str
    name: str
    region: str
    key: str
    after: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def kept_key(self) -> str:
        """The key as the service keeps it: with its caller."""
        return f"{self.role}:{self.name}:{self.key}"

    @property
    def accepted(self) -> list[Attempt]:
        return [found for found in self.attempts if found.status is not None and 200 <= found.status < 300]

    @property
    def refused(self) -> list[Attempt]:
        return [found for found in self.attempts if found.status is not None and 400 <= found.status < 500]
