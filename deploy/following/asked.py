"""What people name on the command line: a fact, a time; and the answer, or the exit code that stands for none."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import typer

from deploy.following.house import Unanswered
from deploy.following.looking import Lookup
from deploy.following.told import Told

T = TypeVar("T")


async def one(lookup: Lookup, named: str) -> Told:
    """The fact of this place or id. Raises Unanswered when there is none."""
    service, slash, position = named.partition("/")
    if slash:
        if service not in lookup.house.feeds or not position.isdecimal():
            raise typer.BadParameter(f"{named!r}: write SERVICE/POSITION, as sessions/48, or a fact's id")
        told = await lookup.at(service, int(position))
    else:
        try:
            told = await lookup.with_id(UUID(named))
        except ValueError:
            raise typer.BadParameter(
                f"{named!r}: write SERVICE/POSITION, as sessions/48, or a fact's id"
            ) from None
    if told is None:
        raise Unanswered(f"there is no fact {named}, or it may not be seen")
    return told


def moment(word: str | None) -> datetime | None:
    """A time, or how long ago. Raises BadParameter."""
    units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
    if word is None:
        return None
    if word[-1:] in units and word[:-1].isdecimal():
        return datetime.now(UTC) - timedelta(**{units[word[-1]]: int(word[:-1])})
    try:
        given = datetime.fromisoformat(word)
    except ValueError:
        raise typer.BadParameter(
            f"--since: {word!r}: write 2026-09-07T12:00:00Z, 2026-09-07, 15m, 2h or 3d"
        ) from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def answered(asking: Coroutine[Any, Any, T]) -> T:
    """What came of it; exits with the code of a service that says no."""
    try:
        return asyncio.run(asking)
    except Unanswered as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(refused.code) from None
