"""What the parts of a statement have to look like: one check for each kind of value. Each returns what is wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Flaw = tuple[str, str]
"""Where in the statement, as `result.score.scaled`, and what it should be."""
Check = Callable[[Any, str], Iterator[Flaw]]

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x1f]+")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DURATION = re.compile(
    r"P(?!$)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)", re.ASCII
)
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d(:?\d\d)?)?", re.ASCII)


def matching(pattern: re.Pattern[str], wanted: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Flaw]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield path, wanted

    return check


def text(value: Any, path: str) -> Iterator[Flaw]:
    if not isinstance(value, str):
        yield path, "a text"


def boolean(value: Any, path: str) -> Iterator[Flaw]:
    if not isinstance(value, bool):
        yield path, "true or false"


def number(value: Any, path: str) -> Iterator[Flaw]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield path, "a number"


def anything(value: Any, path: str) -> Iterator[Flaw]:
    yield from ()


iri = matching(_IRI, "an IRI with its scheme")
uuid = matching(_UUID, "a UUID")
duration = matching(_DURATION, "an ISO 8601 duration, such as PT1H30M")
mailbox = matching(re.compile(r"mailto:[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+"), "mailto: and an address")
sha1 = matching(re.compile(r"[0-9a-fA-F]{40}"), "a SHA-1 in hexadecimal")
sha2 = matching(re.compile(r"[0-9a-fA-F]{56,128}"), "a SHA-2 in hexadecimal")
tag = matching(_TAG, "a language tag (RFC 5646)")


def timestamp(value: Any, path: str) -> Iterator[Flaw]:
    if not isinstance(value, str) or read_time(value) is None:
        yield path, "an ISO 8601 time, and not -00:00"


def read_time(value: str) -> datetime | None:
    """That moment, in UTC where it names no zone; None when it is none."""
    if not _STAMP.fullmatch(value) or value.endswith(("-00:00", "-0000", "-00")):
        return None
    try:
        found = datetime.fromisoformat(value.replace("z", "Z").replace("t", "T"))
        return (found if found.tzinfo is not None else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def word(*known: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Flaw]:
        if value not in known:
            yield path, f"one of {', '.join(known)}"

    return check


def pairs(key: Check, value: Check) -> Check:
    """An object whose every name and value is like this: a language map, extensions."""

    def check(found: Any, path: str) -> Iterator[Flaw]:
        if not isinstance(found, dict):
            yield path, "an object"
            return
        for name, inner in found.items():
            yield from key(name, f"{path}.{name}")
            yield from value(inner, f"{path}.{name}")

    return check


languages = pairs(tag, text)
extensions = pairs(iri, anything)


def many(check: Check, *, one: bool = False) -> Check:
    """A list of these; with `one` a single one stands for itself."""

    def each(found: Any, path: str) -> Iterator[Flaw]:
        if one and isinstance(found, dict):
            found = [found]
        if not isinstance(found, list):
            yield path, "a list"
            return
        for n, inner in enumerate(found):
            yield from check(inner, f"{path}.{n}")

    return each


def object_of(members: Mapping[str, Check], *required: str) -> Check:
    """An object with these members and no others; none of them null."""

    def check(found: Any, path: str) -> Iterator[Flaw]:
        if not isinstance(found, dict):
            yield path, "an object"
            return
        at = f"{path}." if path else ""
        for name in required:
            if name not in found:
                yield f"{at}{name}", "it is missing"
        for name, inner in found.items():
            if name not in members:
                yield f"{at}{name}", "there is no such member; names are told apart by case"
            elif inner is None:
                yield f"{at}{name}", "leave it out instead of null"
            else:
                yield from members[name](inner, f"{at}{name}")

    return check
