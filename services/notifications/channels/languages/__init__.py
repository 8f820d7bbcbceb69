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

    subject: Template
    happened: Mapping[str, Template]
    todo: Mapping[str, Template]
    link_only: bool


@dataclass(frozen=True)
class Book:
    """One language: its texts by type, and the words that every letter has around them."""

    code: str
    direction: str
    manner: Manner
    frame: Mapping[str, Template]
    texts: Mapping[str, Text]

    def said(self, what: str, /, **values: object) -> str:
        """One of the words around a text. KeyError for one that there is not."""
        return self.frame[what].render(values)


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
    written = source(code)
    manner = Manner.of(written, ZoneInfo(zone))
    texts = environment(manner)
    return Book(
        code,
        written["direction"],
        manner,
        {name: texts.from_string(text) for name, text in written["frame"].items()},
        {type: _text(texts, found) for type, found in written["texts"].items()},
    )


def environment(manner: Manner) -> Environment:
    """What texts are compiled in: a parameter that is not there is an error. Letters escape where they are HTML."""
    made = Environment(undefined=StrictUndefined, autoescape=False)
    made.filters.update(manner.filters())
    return made


def _text(texts: Environment, written: Mapping[str, Any]) -> Text:
    return Text(
        texts.from_string(written["subject"]),
        _by_role(texts, written["happened"]),
        _by_role(texts, written["todo"]),
        written.get("link_only", False),
    )


def _by_role(texts: Environment, written: str | Mapping[str, str]) -> Mapping[str, Template]:
    by_role = {OTHERS: written} if isinstance(written, str) else written
    return {role: texts.from_string(text) for role, text in by_role.items()}
