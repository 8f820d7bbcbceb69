"""Clearances and suspensions over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.training.api.fields import OFFICERS, Day, Text
from services.training.domain.clearances import RecordClearance, WithdrawClearance
from services.training.domain.compliance import compliance, compliance_of
from services.training.domain.suspensions import LiftSuspension, Suspend
from shared.contracts.words.training import ClearanceKind, SeenAs, SuspensionReason
from shared.kernel.call import Call, allows

router = APIRouter(tags=["mentors"])


class Clearance(BaseModel):
    """Vetting evidence. It counts from `issued_on` to `recheck_due_on`; without that for good."""

    kind: ClearanceKind
    issued_on: Day
    last_status_check_on: Day | None = None
    recheck_due_on: Day | None = None
    reference: Text
    seen_as: SeenAs = "original"


class Withdrawn(BaseModel):
    """Which document is not relied upon any more, and why; without names."""

    kind: ClearanceKind
    issued_on: Day
    reason: Text


class Suspension(BaseModel):
    """Why; the details of a concern belong elsewhere."""

    reason_code: SuspensionReason


@router.post("/mentors/{mentor_id}/clearances", status_code=201, dependencies=[allows(*OFFICERS)])
async def record_clearance(mentor_id: UUID, body: Clearance, call: Call) -> Response:
    """Take in vetting evidence, seen by the caller; the same kind and date again corrects it."""
    command = RecordClearance(
        mentor_id=mentor_id,
        kind=body.kind,
        issued_on=body.issued_on,
        last_status_check_on=body.last_status_check_on,
        recheck_due_on=body.recheck_due_on,
        reference=body.reference,
        on=call.now.date(),
        seen_by=str(call.actor),
        seen_as=body.seen_as,
    )
    location = f"/training/mentors/{mentor_id}/compliance"
    return await call.decide(compliance, compliance_of(mentor_id), command, status=201, location=location)


@router.post("/mentors/{mentor_id}/clearances/withdrawal", dependencies=[allows(*OFFICERS)])
async def withdraw_clearance(mentor_id: UUID, body: Withdrawn, call: Call) -> Response:
    """Rely on a document no more, from today on."""
    command = WithdrawClearance(body.kind, body.issued_on, body.reason, on=call.now.date())
    return await call.decide(compliance, compliance_of(mentor_id), command)


@router.post("/mentors/{mentor_id}/suspension", dependencies=[allows(*OFFICERS, "dsl")])
async def suspend(mentor_id: UUID, body: Suspension, call: Call) -> Response:
    """Keep a mentor away from children from today on, whatever they can show."""
    command = Suspend(mentor_id, body.reason_code, on=call.now.date())
    return await call.decide(compliance, compliance_of(mentor_id), command)


@router.post("/mentors/{mentor_id}/suspension/lifting", dependencies=[allows(*OFFICERS)])
async def lift_suspension(mentor_id: UUID, call: Call) -> Response:
    """End the suspension today: from now on the mentor's evidence speaks again."""
    return await call.decide(compliance, compliance_of(mentor_id), LiftSuspension(on=call.now.date()))
