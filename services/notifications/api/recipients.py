"""Recipients over HTTP."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.notifications.api.callers import ADDRESSES
from services.notifications.domain.recipient import Register, Remove, recipient, recipient_of_mentor
from services.notifications.read_model.register import find_recipient, registered
from shared.contracts.words.telling import Language, RecipientRole
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, Page, after, page, wrong_cursor
from shared.kernel.problems import NotFound, Problem
from shared.kernel.sight import covered

router = APIRouter(tags=["recipients"])

OFFICE = ("coordinator", "manager")
READERS = (*OFFICE, "auditor", "operator")


class RecipientDetails(BaseModel):
    """A mentor names their mentor_id, a parent a child_id, a school its school_id; others none."""

    role: RecipientRole
    name: Annotated[str, Field(min_length=1, max_length=200)]
    email: Annotated[str, Field(min_length=3, max_length=320, examples=["ruth.bello@example.org"])]
    mentor_id: UUID | None = None
    child_id: UUID | None = None
    school_id: UUID | None = None
    phone: Annotated[str | None, Field(max_length=20, examples=["+447700900123"])] = None
    language: Annotated[
        Language | None, Field(description="left out, it stays what the recipient chose; at first English")
    ] = None

    def command(self, recipient_id: UUID, region: str, language: Language = "en") -> Register:
        details = {**dict(self), "language": self.language or language}
        return Register(recipient_id=recipient_id, region=region, **details)


@router.post("/recipients", status_code=201, dependencies=[allows(*OFFICE)])
async def register(body: RecipientDetails, call: Call) -> Response:
    """Tell somebody things from now on. Mentors register themselves by being engaged."""
    # A mentor is always the same recipient, so registering one corrects what being engaged said.
    known = recipient_of_mentor(body.mentor_id) if body.role == "mentor" and body.mentor_id else None
    stream = known or call.new_id()
    return await call.decide(
        recipient,
        stream,
        body.command(stream, call.region),
        status=201,
        location="/notifications/recipients/{id}",
        show={"recipient_id": str(stream)},
    )


@router.put("/recipients/{recipient_id}", dependencies=[allows(*OFFICE)])
async def change_details(recipient_id: UUID, body: RecipientDetails, call: Call) -> Response:
    """Correct a recipient's details."""
    known = await call.reads(find_recipient, recipient_id)
    if known is None:
        raise NotFound("recipient", recipient_id)
    if known["role"] != body.role:
        raise Problem(422, "invalid_recipient", "A recipient keeps its role; register another one.")
    command = body.command(recipient_id, call.region, known["language"])
    return await call.decide(recipient, recipient_id, command)


@router.delete("/recipients/{recipient_id}", dependencies=[allows(*OFFICE)])
async def remove(recipient_id: UUID, call: Call) -> Response:
    """Tell somebody nothing any more; what waits for them is not sent. Their address may be registered again."""
    if await call.reads(find_recipient, recipient_id) is None:
        raise NotFound("recipient", recipient_id)
    return await call.decide(recipient, recipient_id, Remove(call.now))


@router.get("/recipients", dependencies=[allows(*READERS), seen("recipients")])
async def list_recipients(
    reads: Reads,
    cursor: Cursor = None,
    limit: Limit = 50,
    role: Annotated[RecipientRole | None, Query()] = None,
    mentor_id: UUID | None = None,
    child_id: UUID | None = None,
    school_id: UUID | None = None,
    removed: Annotated[bool, Query(description="only those who were removed")] = False,
) -> Page:
    """Who can be told something."""
    found = await reads(
        registered,
        role=role,
        mentor_id=mentor_id,
        child_id=child_id,
        school_id=school_id,
        removed=removed,
        after=_start(cursor),
        limit=limit + 1,
    )
    return Page(**page([_shown(row) for row in found], limit, lambda row: [row["recipient_id"]]))


@router.get("/recipients/{recipient_id}", dependencies=[allows(*READERS), seen("recipients")])
async def show_recipient(recipient_id: UUID, reads: Reads) -> dict[str, Any]:
    """One recipient."""
    found = await reads(find_recipient, recipient_id)
    if found is None:
        raise NotFound("recipient", recipient_id)
    return _shown(found)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return covered(row, ADDRESSES)


def _start(cursor: str | None) -> UUID | None:
    place = after(cursor)
    try:
        return UUID(place[0]) if place is not None else None
    except (IndexError, TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None
