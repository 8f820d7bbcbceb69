"""What bodies of this service are made of."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.kernel.paging import after
from shared.kernel.problems import Problem

# NUL cannot be kept in a text column of PostgreSQL.
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]

TRAINERS = ("trainer", "manager")
OFFICERS = ("compliance", "manager")
READERS = ("coordinator", "trainer", "compliance", "manager", "dsl", "auditor", "operator")


def last_id(cursor: str | None) -> UUID | None:
    """The id of the last item of the page before. Raises Problem 422."""
    place = after(cursor)
    try:
        return UUID(place[0]) if place else None
    except (TypeError, ValueError, AttributeError):
        raise Problem(
            422, "invalid_request", "cursor: pass the `next` of the page before, unchanged"
        ) from None
