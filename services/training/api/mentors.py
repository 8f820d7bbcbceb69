"""What a mentor can show, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.training.api.fields import OFFICERS, READERS, Day, Text, last_id
from services.training.api.views import ComplianceView, MentorPage, MentorState
from services.training.domain.certifications import RevokeCertification
from services.training.domain.clearances import RecordClearance
from services.training.domain.compliance import compliance, compliance_of
from services.training.read_model.compliance import how_stands, who_stands
from shared.contracts.words.training import ClearanceKind
from shared.kernel.auth import Actor
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["mentors"])


class Clearance(BaseModel):
    """Vetting evidence. It counts from `issued_on` to `recheck_due_on`; without that for good."""

    kind: ClearanceKind
    issued_on: Day
    last_status_check_on: Day | None = None
    recheck_due_on: Day | None = None
    reference: Text


class Revocation(BaseModel):
    """Why a certification is taken back; without names."""

    reason: Text


@router.post("/mentors/{mentor_id}/clearances", status_code=201, dependencies=[allows(*OFFICERS)])
async def record_clearance(mentor_id: UUID, body: Clearance, call: Call) -> Response:
    """Take in vetting evidence; the same kind and date again corrects it."""
    command = RecordClearance(
        mentor_id=mentor_id,
        kind=body.kind,
        issued_on=body.issued_on,
        last_status_check_on=body.last_status_check_on,
        recheck_due_on=body.recheck_due_on,
        reference=body.reference,
        on=call.now.date(),
    )
    location = f"/training/mentors/{mentor_id}/compliance"
    return await call.decide(compliance, compliance_of(mentor_id), command, status=201, location=location)


@router.post(
    "/mentors/{mentor_id}/certifications/{certification_id}/revocation",
    dependencies=[allows(*OFFICERS, "trainer")],
)
async def revoke(mentor_id: UUID, certification_id: UUID, body: Revocation, call: Call) -> Response:
    """Take a certification back from today on."""
    command = RevokeCertification(certification_id, body.reason, on=call.now.date())
    return await call.decide(compliance, compliance_of(mentor_id), command)


@router.get("/mentors", response_model=MentorPage, dependencies=[allows(*READERS), seen("mentors")])
async def list_mentors(
    reads: Reads,
    state: Annotated[MentorState | None, Query()] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Mentors and how they stand."""
    found = await reads(who_stands, state=state, after=last_id(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["mentor_id"]])


@router.get(
    "/mentors/{mentor_id}/compliance",
    response_model=ComplianceView,
    dependencies=[allows(*READERS, "mentor"), seen("evidence", "mentors")],
)
async def show_compliance(
    request: Request,
    mentor_id: UUID,
    reads: Reads,
    on: Annotated[Day | None, Query(description="the day it is asked for; today when left out")] = None,
) -> dict[str, Any]:
    """Every required item of a mentor on a day, and whether the mentor may be with a child then."""
    actor: Actor = request.state.actor
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(403, "not_allowed", "this is somebody else's evidence; a mentor sees their own")
    found = await reads(how_stands, mentor_id, on or reads.running.clock.now().date())
    if found is None:
        raise NotFound("mentor", mentor_id)
    return found
