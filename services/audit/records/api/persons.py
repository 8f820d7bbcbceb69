"""Who is meant: one child, one mentor or one recipient, in a body, in a question, in an answer."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.records.domain.commands import Subject
from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass
from shared.contracts.words.records import Person
from shared.kernel.call import CommandCall, Lookup
from shared.kernel.paging import after, wrong_cursor
from shared.kernel.problems import NotFound, Problem
from shared.kernel.waiting import caught_up

OFFICE = ("compliance", "dsl", "manager", "coordinator", "auditor")
"""Who may see what the records office decided."""

OfChild = Annotated[UUID | None, Query(description="only of this child")]
OfMentor = Annotated[UUID | None, Query(description="only of this mentor")]
OfRecipient = Annotated[UUID | None, Query(description="only of this recipient")]


class PersonNamed(BaseModel):
    """Names one person by exactly one id, and parts of their record."""

    child_id: UUID | None = None
    mentor_id: UUID | None = None
    recipient_id: UUID | None = None
    classes: tuple[RetentionClass, ...] = Field(
        RETENTION_CLASSES, description="parts of the record; default: all"
    )

    @property
    def subject(self) -> Subject:
        """Raises Problem 422."""
        kinds: tuple[tuple[Person, UUID | None], ...] = (
            ("child", self.child_id),
            ("mentor", self.mentor_id),
            ("recipient", self.recipient_id),
        )
        named = [Subject(kind, value) for kind, value in kinds if value]
        if len(named) != 1:
            raise Problem(422, "invalid_person", "name exactly one of child_id, mentor_id and recipient_id")
        return named[0]


Find = Callable[[AsyncConnection, UUID], Awaitable[dict[str, Any] | None]]


async def subject_of(call: CommandCall, find: Find, key: UUID, what: str, listener: str) -> Subject:
    """Whose record an erasure or a hold is about, also when it was recorded just now. Raises NotFound."""
    row = await call.reads(find, key)
    if row is None:
        # Decided on a moment after it was asked for: the table may not have it yet.
        head = await call.running.store.head()
        await caught_up(call.running, {call.running.service: frozenset((listener,))}, str(head))
        row = await call.reads(find, key)
    if row is None:
        raise NotFound(what, key)
    return Subject(row["kind"], row["person_id"])


def shows(reads: Lookup, row: Mapping[str, Any]) -> None:
    """It is on record that somebody looked at this person's record."""
    if row["kind"] != "recipient":
        reads.shows(**{f"{row['kind']}_id": row["person_id"]})


def start(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Where the page before ended. Raises Problem 422."""
    found = after(cursor)
    if found is None:
        return None
    try:
        moment, last = found
        return datetime.fromisoformat(moment), UUID(last)
    except (TypeError, ValueError):
        raise wrong_cursor() from None
