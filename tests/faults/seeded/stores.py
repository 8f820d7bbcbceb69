"""Bugs of the event store."""

from typing import Any

from shared.kernel import commands
from shared.kernel.store import Append, recorder, schema
from tests.faults.seeded.putting import put_into


def forget_keys() -> None:
    """The idempotency key is not stored with the facts."""

    def append(**parts: Any) -> Append:
        return Append(**{**parts, "request": None})

    put_into(commands, Append=append)


def leave_gaps_in_positions() -> None:
    """The log counts on by one too much after every commit."""
    _rewrite("position = head + added", "position = head + added + 1")


def leave_gaps_in_versions() -> None:
    """A stream goes from 1 to 3."""
    _rewrite("SELECT streams[e.n], e.version,", "SELECT streams[e.n], e.version + (e.version > 1)::int,")


def _rewrite(sound: str, wrong: str) -> None:
    assert sound in schema.APPEND
    put_into(recorder, APPEND=schema.APPEND.replace(sound, wrong))
