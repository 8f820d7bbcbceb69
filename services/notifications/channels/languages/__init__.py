"""The languages people are told in: one file each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, Template

from services.notifications.channels.languages.manner import Manner

_FILES = Path(__file__).parent
OTHERS = "others"


@dataclass(frozen=True)
class Text:
    """What is said of one type. What happened and what to do are by the reader's role, or for all `others`.

    `link_only`: no more of it leaves the house than that there is something to read.
    """

    subject: str
    happened: Mapping[str, str]
    todo: Mapping[str, str]
    link_only: bool


class Book:
    """One language: its texts by type, and the words that every letter has around them."""

    def __init__(self, code: str, written: Mapping[str, Any], zone: ZoneInfo) -> None:
        self.code, self.direction = code, str(written["direction"])
        self.manner = Manner.of(written, zone)
        self.frame: Mapping[str, str] = written["frame"]
        self.texts = {type: _text(found) for type, found in written["texts"].items()}
        # A parameter that is not there is an error. Letters escape where they are HTML.
        self._templates = Environment(undefined=StrictUndefined, autoescape=False)
        self._templates.filters.update(self.manner.filters())
        self._compiled: dict[str, Template] = {}

    def render(self, text: str, values: Mapping[str, object]) -> str:
        """A text of this language with these parameters. Raises UndefinedError when one is missing."""
        found = self._compiled.get(text)
        if found is None:
            found = self._compiled[text] = self._templates.from_string(text)
        return found.render(values)

    def said(self, what: str, /, **values: object) -> str:
        """One of the words around a text. KeyError for one that there is not."""
        return self.render(self.frame[what], values)


def codes() -> tuple[str, ...]:
    """Every language there is a file of."""
    return tuple(sorted(path.stem for path in _FILES.glob("*.toml")))


@cache
def source(code: str) -> Mapping[str, Any]:
    """The file of a language, as it is written. LookupError when there is none."""
    if code not in codes():
        raise LookupError(f"there is no language {code!r}; there is {', '.join(codes())}")
    return tomllib.loads((_FILES / f"{code}.toml").read_text(encoding="utf-8"))


@cache
def book(code: str, zone: str) -> Book:
    """A language, on the clock of a time zone. Raises LookupError for a language or a zone there is not."""
    return Book(code, source(code), ZoneInfo(zone))


def _text(written: Mapping[str, Any]) -> Text:
    return Text(
        written["subject"],
        _by_role(written["happened"]),
        _by_role(written["todo"]),
        written.get("link_only", False),
    )


def _by_role(written: str | Mapping[str, str]) -> Mapping[str, str]:
    return {OTHERS: written} if isinstance(written, str) else written
