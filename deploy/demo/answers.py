"""What a service said, in full and in a few words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said. `place` is where its facts stand, as `?after=` and Alongside-After take it."""

    service: str
    status: int
    body: Any
    headers: Mapping[str, str]
    correlation: str

    @property
    def place(self) -> str:
        return f"{self.service}:{self.body['position']}"

    @property
    def code(self) -> str:
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""

    def gist(self) -> str:
        """In a few words."""
        if not isinstance(self.body, dict):
            return ""
        if self.code:
            return f"{self.code} · {self.body['detail']}"
        facts = [str(topic).split(".")[1] for topic in self.body.get("facts", ())]
        return ", ".join(facts) or "as it was: nothing new is recorded"
