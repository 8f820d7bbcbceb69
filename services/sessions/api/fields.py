"""What bodies and rules of this service are made of."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.kernel.auth import Actor
from shared.kernel.paging import after, wrong_cursor
from shared.kernel.problems import Problem

# NUL cannot be kept in a text column of PostgreSQL.
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))
]

COORDINATORS = ("coordinator", "manager")
READERS = (*COORDINATORS, "dsl", "auditor", "operator")


def own(actor: Actor, mentor_id: UUID) -> None:
    """A mentor acts on their own sessions only; the token names the mentor's id. Raises Problem 403."""
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(403, "not_allowed", "this is somebody else's session; a mentor acts on their own")


def place_after(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Time and id of the last item of the page before. Raises Problem 422."""
    place = after(cursor)
    try:
        return (datetime.fromisoformat(place[0]), UUID(place[1])) if place else None
    except (TypeError, ValueError, AttributeError, IndexError):
        raise wrong_cursor() from None
