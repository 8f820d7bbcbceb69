"""Why a fact could not be applied: whether the fact is to blame, and in words that tell nothing personal."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from pydantic import BaseModel

from shared.contracts.fact import Fact, contract_of
from shared.kernel.sealing.keyring import KeyringUnavailable

# SQLSTATE classes that say nothing about the fact: connection, rollback, resources, locks, operator, system.
_PASSING = ("08", "25", "40", "53", "55", "57", "58", "XX")
_PASSING_ERRORS = (OSError, TimeoutError, KeyringUnavailable)
# By name, since a process that folds for a rebuild starts in half the time without the library.
_PASSING_ELSEWHERE = {("sqlalchemy.exc", "TimeoutError"), ("sqlalchemy.exc", "DisconnectionError")}
_NOT_INSTALLED = ("42P01", "42703", "42501", "3F000")


class Unreadable(Exception):
    """A parked fact that still can't be applied; the message says why, in words that were looked through before."""


def told(error: BaseException, about: tuple[Any, ...] = ()) -> str:
    """An error in one line for people. `about` is what was taken in: nothing personal of it is repeated."""
    text = _told(error)
    for personal in sorted(set(_personal(about)), key=len, reverse=True):
        text = text.replace(personal, "…")
    return text


@contextmanager
def untold(about: tuple[Any, ...]) -> Iterator[None]:
    """What the facts are to blame for is said without anything personal of them, whoever writes it down."""
    try:
        yield
    except Exception as error:
        if not is_poison(error):
            raise
        raise Unreadable(told(error, about)) from None


def _personal(about: tuple[Any, ...]) -> Iterator[str]:
    """What is personal in the facts among these, as texts that an error may quote."""
    for one in about:
        fact = getattr(one, "fact", None)
        if isinstance(fact, Fact):
            for name in contract_of(fact).personal:
                yield from _texts(getattr(fact, name))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield from (value, repr(value)[1:-1]) if len(value) > 1 else ()
        case date():
            yield from (value.isoformat(), repr(value))
        case BaseModel():
            yield from (text for _, inner in value for text in _texts(inner))
        case tuple() | list():
            yield from (text for inner in value for text in _texts(inner))
        case _:
            pass  # a number or a word of a closed list says nothing alone


def _told(error: BaseException) -> str:
    error = _said_by_database(error)
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        # The detail line of PostgreSQL quotes the row.
        return f"{type(error).__name__}: {error.diag.message_primary}"[:500]
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:500] or type(error).__name__


def is_poison(error: BaseException) -> bool:
    """Whether the fact is to blame: it would fail again, and others would not."""
    error = _said_by_database(error)
    if not isinstance(error, psycopg.Error):
        kinds = {(kind.__module__, kind.__name__) for kind in type(error).__mro__}
        return isinstance(error, Exception) and not (
            isinstance(error, _PASSING_ERRORS) or kinds & _PASSING_ELSEWHERE
        )
    if error.sqlstate is None:
        return isinstance(error, psycopg.DataError | psycopg.ProgrammingError | psycopg.IntegrityError)
    return error.sqlstate not in _NOT_INSTALLED and not error.sqlstate.startswith(_PASSING)


def _said_by_database(error: BaseException) -> BaseException:
    """The database's own error inside SQLAlchemy's, which says nothing of the connection and quotes the row."""
    said = getattr(error, "orig", None)
    return said if isinstance(said, psycopg.Error) else error
