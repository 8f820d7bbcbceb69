"""Legal holds over HTTP: while one stands, nothing it covers is erased."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.audit.records import reading
from services.audit.records.api.persons import (
    OFFICE,
    OfChild,
    OfMentor,
    OfRecipient,
    PersonNamed,
    start,
    subject_of,
)
from services.audit.records.domain.commands import LiftHold, PlaceHold
from services.audit.records.domain.deciding import record
from services.audit.records.policies import FORGETTERS
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import HoldReason, Person
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page

router = APIRouter(prefix="/records", tags=["records"])


class HoldAsked(PersonNamed):
    """Whose record is to be kept, which parts of it, and why."""

    reason: HoldReason


class Hold(BaseModel):
    """A legal hold; it stands while nobody has lifted it."""

    hold_id: UUID
    kind: Person
    person_id: UUID
    classes: tuple[RetentionClass, ...]
    reason: HoldReason
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class Holds(BaseModel):
    """One page of legal holds."""

    items: list[Hold]
    next: str | None


@router.post("/holds", status_code=201, dependencies=[allows("dsl", "manager")])
async def place(body: HoldAsked, call: Call) -> Response:
    """Keep parts of a person's record, whatever was asked or decided about its erasure."""
    hold_id, subject = call.new_id(), body.subject
    command = PlaceHold(subject, hold_id, body.classes, body.reason, str(call.actor), call.now)
    location = f"/audit/records/holds?{subject.kind}_id={subject.id}"
    show = {"hold_id": str(hold_id)}
    return await call.decide(record, subject.stream, command, status=201, location=location, show=show)


@router.post("/holds/{hold_id}/lift", dependencies=[allows("dsl", "manager")])
async def lift(hold_id: UUID, call: Call) -> Response:
    """Lift it. What fell due to be erased while it stood is ordered at once."""
    subject = await subject_of(call, reading.hold, hold_id, "hold", "legal_holds")
    return await call.decide(record, subject.stream, LiftHold(hold_id, FORGETTERS, str(call.actor), call.now))


@router.get("/holds", dependencies=[allows(*OFFICE), seen("legal_holds")])
async def holds(
    reads: Reads,
    child_id: OfChild = None,
    mentor_id: OfMentor = None,
    recipient_id: OfRecipient = None,
    standing: Annotated[bool, Query(description="only those that nobody has lifted")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Holds:
    """Legal holds, the oldest first."""
    person_id = child_id or mentor_id or recipient_id
    reads.shows(child_id=child_id, mentor_id=mentor_id)
    found = await reads(
        reading.holds_on, person_id=person_id, standing_only=standing, after=start(cursor), limit=limit + 1
    )
    shown = [Hold.model_validate(row) for row in found]
    return Holds(**page(shown, limit, lambda one: [one.placed_at.isoformat(), one.hold_id]))
