"""Erasures over HTTP: asked for, decided by the rules, approved by two others, and where each stands."""

from hashlib import sha256
from secrets import token_hex
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.audit.records import reading
from services.audit.records.api.erasure_shown import Erasure, Erasures, shown
from services.audit.records.api.persons import (
    OFFICE,
    OfChild,
    OfMentor,
    OfRecipient,
    PersonNamed,
    shows,
    start,
    subject_of,
)
from services.audit.records.domain.commands import (
    ApproveErasure,
    DecideErasure,
    RefuseErasure,
    RequestErasure,
    Subject,
)
from services.audit.records.domain.deciding import record
from services.audit.records.policies import FORGETTERS
from shared.contracts.words.records import Ground, RefusedBecause
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/records", tags=["records"])


class ErasureAsked(PersonNamed):
    """Who is to be forgotten, and on what ground."""

    ground: Ground


class ErasureDenied(BaseModel):
    """Why the request leads to nothing."""

    why: RefusedBecause


@router.post(
    "/erasures", status_code=201, dependencies=[allows("coordinator", "manager", "compliance", "dsl")]
)
async def ask(body: ErasureAsked, call: Call) -> Response:
    """Ask that a person be forgotten. The receipt is told this once: with it they find their certificate."""
    subject, erasure_id, receipt = body.subject, call.new_id(), token_hex(32)
    command = RequestErasure(
        subject=subject,
        erasure_id=erasure_id,
        ground=body.ground,
        classes=body.classes,
        commitment=commitment(receipt, subject.id),
        by=str(call.actor),
        at=call.now,
    )
    return await call.decide(
        record,
        subject.stream,
        command,
        status=201,
        location=f"/audit/records/erasures/{erasure_id}",
        show={"erasure_id": str(erasure_id)},
        once={"receipt": receipt},
    )


@router.post("/erasures/{erasure_id}/decide", dependencies=[allows("compliance", "dsl")])
async def decide(erasure_id: UUID, call: Call) -> Response:
    """Decide it by the rules: holds, whether the person is still here, and for how long each part must be kept."""
    subject = await _subject(call, erasure_id)
    known = await call.reads(reading.standing, subject)
    command = DecideErasure(erasure_id, known.ended_on, known.recipient_ids, str(call.actor), call.now)
    return await call.decide(record, subject.stream, command)


@router.post("/erasures/{erasure_id}/refuse", dependencies=[allows("compliance", "dsl")])
async def refuse(erasure_id: UUID, body: ErasureDenied, call: Call) -> Response:
    """End the request without any effect."""
    subject = await _subject(call, erasure_id)
    command = RefuseErasure(erasure_id, body.why, str(call.actor), call.now)
    return await call.decide(record, subject.stream, command)


@router.post("/erasures/{erasure_id}/approve", dependencies=[allows("manager", "compliance", "dsl")])
async def approve(erasure_id: UUID, call: Call) -> Response:
    """Approve the decision as it stands. The second approval orders it: that can't be called off."""
    subject = await _subject(call, erasure_id)
    known = await call.reads(reading.standing, subject)
    command = ApproveErasure(erasure_id, known.ended_on, FORGETTERS, str(call.actor), call.now)
    return await call.decide(record, subject.stream, command)


@router.get("/erasures", dependencies=[allows(*OFFICE), seen("erasures")])
async def erasures(
    reads: Reads,
    child_id: OfChild = None,
    mentor_id: OfMentor = None,
    recipient_id: OfRecipient = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Erasures:
    """Erasures, the oldest first: what was erased, on what ground, and what was held back."""
    person_id = child_id or mentor_id or recipient_id
    reads.shows(child_id=child_id, mentor_id=mentor_id)
    found = await reads(
        reading.erasures_of, person_id=person_id, certified=False, after=start(cursor), limit=limit + 1
    )
    items = [shown(row) for row in found]
    return Erasures(**page(items, limit, lambda one: [one.requested_at.isoformat(), one.erasure_id]))


@router.get("/erasures/{erasure_id}", dependencies=[allows(*OFFICE), seen("erasures")])
async def erasure(erasure_id: UUID, reads: Reads) -> Erasure:
    """One erasure: each part with its decision, who agreed, who has forgotten, whom it waits for."""
    row = await reads(reading.erasure, erasure_id)
    if row is None:
        raise NotFound("erasure", erasure_id)
    shows(reads, row)
    return shown(row)


def commitment(receipt: str, person_id: UUID) -> str:
    """SHA-256 of `<receipt>:<id>`, in hex: who has both finds the certificate, and nobody else does."""
    return sha256(f"{receipt}:{person_id}".encode()).hexdigest()


async def _subject(call: CommandCall, erasure_id: UUID) -> Subject:
    return await subject_of(call, reading.erasure, erasure_id, "erasure", "erasures")
