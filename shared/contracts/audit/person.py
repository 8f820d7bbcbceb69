"""Whose record a fact of the records office is about."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Concerns, Fact

OfChild = Annotated[UUID | None, Concerns("child"), Field(description="the child whose record it is")]
OfMentor = Annotated[UUID | None, Concerns("mentor"), Field(description="the mentor whose record it is")]
OfRecipient = Annotated[
    UUID | None, Concerns("recipient"), Field(description="the recipient whose record it is")
]
Recipients = Annotated[
    tuple[UUID, ...],
    Concerns("recipient"),
    Field(description="under which ids the person (of a child: its parents) is told things; they go too"),
]


class OfPerson(Fact):
    """About the record of one person: exactly one of the three ids is there."""

    child_id: OfChild = None
    mentor_id: OfMentor = None
    recipient_id: OfRecipient = None
