"""What the routes share: texts, the day of a question, the place in a list, what a stream says."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import StringConstraints

from shared.kernel import paging
from shared.kernel.call import CommandCall
from shared.kernel.decider import Decider
from shared.kernel.problems import Problem
from shared.kernel.sealing.batches import facts_in

S = TypeVar("S")
A = TypeVar("A")

NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"  # PostgreSQL keeps no NUL, people need none of the others

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_CONTROLS)
]
Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=NO_CONTROLS)
]
Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)
]  # BCP 47, such as en, pl, bfi (British Sign Language)
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^\s@\x00-\x1f]+@[^\s@\x00-\x1f]+$"),
]
Sought = Annotated[str | None, Query(max_length=200, pattern=NO_CONTROLS)]


def _today(request: Request) -> date:
    today: date = request.app.state.running.clock.now().date()
    return today


Today = Annotated[date, Depends(_today)]


def place(cursor: str | None, first: Callable[[str], A]) -> tuple[A, UUID] | None:
    """Where the page before ended: a sort key and an id. Raises Problem 422 on a cursor that is not ours."""
    found = paging.after(cursor)
    if found is None:
        return None
    try:
        key, last = found
        return first(key), UUID(last)
    except (ValueError, TypeError, AttributeError):
        wrong = {
            "field": "cursor",
            "detail": "pass the `next` of the page before, unchanged, or leave it out",
        }
        raise Problem(422, "invalid_request", f"cursor: {wrong['detail']}", errors=[wrong]) from None


def by_name(cursor: str | None) -> tuple[str, UUID] | None:
    """The place in a list that is sorted by name."""
    return place(cursor, lambda key: key if isinstance(key, str) and "\x00" not in key else _not_ours())


def by_time(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The place in a list that is sorted by time."""
    return place(cursor, datetime.fromisoformat)


def by_day(cursor: str | None) -> tuple[date, UUID] | None:
    """The place in a list that is sorted by day."""
    return place(cursor, date.fromisoformat)


def by_number(cursor: str | None) -> int | None:
    """The place in a list that is numbered. Raises Problem 422 on a cursor that is not ours."""
    match paging.after(cursor):
        case None:
            return None
        case [int(number)] if 0 <= number < 2**63:
            return number
        case _:
            raise paging.wrong_cursor()


def _not_ours() -> str:
    raise ValueError


def listed(found: Sequence[Any], limit: int, *key: str) -> dict[str, Any]:
    """One page of these rows (one more than `limit` was asked for), sorted by these columns."""
    return paging.page([dict(row) for row in found], limit, lambda row: [row[name] for name in key])


async def known(call: CommandCall, decider: Decider[S, Any], stream: UUID) -> S:
    """What a stream says now, from the store itself."""
    events = await call.running.store.load(stream)
    return decider.fold(await facts_in(call.running.sealer, [event.state for event in events]))
