"""What bodies and queries of this service are made of, and who may do what."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field

from shared.kernel.auth import Actor
from shared.kernel.paging import after, wrong_cursor
from shared.kernel.problems import Problem

# NUL cannot be kept in a text column of PostgreSQL.
Text = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]

On = Annotated[Day | None, Query(description="the day it is asked for; today when left out")]
KnownAt = Annotated[
    AwareDatetime | None, Query(description="as it was on record at that moment; as known now when left out")
]

TRAINERS = ("trainer", "manager")
OFFICERS = ("compliance", "manager")
READERS = ("coordinator", "trainer", "compliance", "manager", "dsl", "auditor", "operator")


def own(actor: Actor, mentor_id: UUID | None) -> None:
    """Let a mentor at what is theirs, and everybody else of the route's roles. Raises Problem 403.

    None is what is everybody's: a list that names no mentor.
    """
    if actor.role == "mentor" and (mentor_id is None or actor.name != str(mentor_id)):
        message = "this is somebody else's; a mentor sees and does their own: name your own mentor_id"
        raise Problem(403, "not_allowed", message)


def last_id(cursor: str | None) -> UUID | None:
    """The id of the last item of the page before. Raises Problem 422."""
    place = after(cursor)
    try:
        return UUID(place[0]) if place else None
    except (TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None
