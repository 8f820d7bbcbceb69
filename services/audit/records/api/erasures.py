"""Erasures over HTTP: asked for, decided by the rules, approved by two others, and where each stands."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.audit.records import reading
from services.audit.records.api.persons import (
    OFFICE,
    OfChild,
    OfMentor,
    OfRecipient,
    PersonNamed,
    shows,
    start,
)
from services.audit.records.domain.commands import (
    ApproveErasure,
    DecideErasure,
    RefuseErasure,
    RequestErasure,
    Subject,
)
from services.audit.records.domain.deciding import record
from services.audit.records.domain.record import APPROVALS
from services.audit.records.policies import FORGETTERS
from shared.contracts.audit.erasure import ClassDecision
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import Ground, Person, RefusedBecause
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/records", tags=["records"])

Stage = Literal[
    "requested", "decided", "approved_once", "kept", "ordered", "keys_destroyed", "certified", "refused"
]


class ErasureAsked(PersonNamed):
    """Who is to be forgotten, and on what ground."""

    ground: Ground


class ErasureDenied(BaseModel):
    """Why the request leads to nothing."""

    why: RefusedBecause


class Forgot(BaseModel):
    """A service's word that it has forgotten; `exact` leads to the fact."""

    service: str
    position: int
    rows: int
    exact: str


class Erasure(BaseModel):
    """One erasure and how far it has come. `waiting_for` are the services that have not acknowledged yet."""

    erasure_id: UUID
    stage: Stage
    kind: Person
    person_id: UUID
    ground: Ground | None
    classes: tuple[RetentionClass, ...]
    requested_by: str | None
    requested_at: datetime
    follows: UUID | None
    decisions: tuple[ClassDecision, ...]
    ended_on: date | None
    decided_by: str | None
    decided_at: datetime | None
    approved_by: tuple[str, ...]
    refused: RefusedBecause | None
    ordered_at: datetime | None
    destroyed: int | None
    epoch: int | None
    acknowledged: tuple[Forgot, ...]
    waiting_for: tuple[str, ...]
    certified_at: datetime | None


class Erasures(BaseModel):
    """One page of erasures."""

    items: list[Erasure]
    next: str | None


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
    shown = [_shown(row) for row in found]
    return Erasures(**page(shown, limit, lambda one: [one.requested_at.isoformat(), one.erasure_id]))


@router.get("/erasures/{erasure_id}", dependencies=[allows(*OFFICE), seen("erasures")])
async def erasure(erasure_id: UUID, reads: Reads) -> Erasure:
    """One erasure: each part with its decision, who agreed, who has forgotten, whom it waits for."""
    row = await reads(reading.erasure, erasure_id)
    if row is None:
        raise NotFound("erasure", erasure_id)
    shows(reads, row)
    return _shown(row)


def commitment(receipt: str, person_id: UUID) -> str:
    """SHA-256 of `<receipt>:<id>`, in hex: who has both finds the certificate, and nobody else does."""
    return sha256(f"{receipt}:{person_id}".encode()).hexdigest()


async def _subject(call: CommandCall, erasure_id: UUID) -> Subject:
    row = await call.reads(reading.erasure, erasure_id)
    if row is None:
        raise NotFound("erasure", erasure_id)
    return Subject(row["kind"], row["person_id"])


def _shown(row: Mapping[str, Any]) -> Erasure:
    acknowledged = [
        {**one, "exact": f"/audit/facts/{one['service']}/{one['position']}"} for one in row["acknowledged"]
    ]
    heard = {one["service"] for one in acknowledged}
    told = {
        **row,
        "stage": _stage(row),
        "decisions": row["decisions"] or (),
        "acknowledged": acknowledged,
        "waiting_for": sorted(set(row["services"] or ()) - heard),
    }
    return Erasure.model_validate(told)


def _stage(row: Mapping[str, Any]) -> Stage:
    if row["refused"]:
        return "refused"
    if row["certified_at"]:
        return "certified"
    if row["destroyed"] is not None:
        return "keys_destroyed"
    if row["ordered_at"]:
        return "ordered"
    if len(row["approved_by"]) >= APPROVALS:
        return "kept"
    if row["approved_by"]:
        return "approved_once"
    return "decided" if row["decided_at"] else "requested"
