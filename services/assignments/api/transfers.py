"""Transfers of children to other regions: requested, consented to, accepted, rejected, called off."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, StringConstraints

from services.assignments.api.asking import by_time, known, listed
from services.assignments.domain.child import Child, Supported, child
from services.assignments.domain.region_transfer import (
    AcceptTransfer,
    CancelTransfer,
    RecordConsent,
    RejectTransfer,
    RequestTransfer,
    region_transfer,
)
from services.assignments.read_model import transfers as questions
from shared.contracts.words.requests import (
    ConsentGiver,
    TransferCancellation,
    TransferReason,
    TransferRejection,
)
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound

router = APIRouter(prefix="/transfers", tags=["transfers"])

Status = Literal["requested", "accepted", "rejected", "cancelled"]


class RequestBody(BaseModel):
    child_id: UUID
    to_region: Annotated[str, StringConstraints(max_length=63)]
    reason: TransferReason


class ConsentBody(BaseModel):
    given_by: ConsentGiver


class AcceptBody(BaseModel):
    """`effective_on` is the first day without the old region's mentors."""

    effective_on: date


class RejectBody(BaseModel):
    reason: TransferRejection


class CancelBody(BaseModel):
    reason: TransferCancellation


class TransferView(BaseModel):
    transfer_id: UUID
    child_id: UUID
    from_region: str
    to_region: str
    reason: TransferReason
    status: Status
    requested_at: datetime
    parent_consent_at: datetime | None
    local_authority_consent_at: datetime | None
    answered_at: datetime | None
    answer_reason: TransferRejection | TransferCancellation | None
    effective_on: date | None


class TransferPage(BaseModel):
    items: list[TransferView]
    next: str | None


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager")])
async def request_transfer(body: RequestBody, call: Call) -> Response:
    """Ask another region to take a child over. Nothing changes until it accepts."""
    transfer_id = call.new_id()
    state: Child = await known(call, child, body.child_id)
    command = RequestTransfer(
        transfer_id=transfer_id,
        child_id=body.child_id,
        child_supported=isinstance(state, Supported),
        from_region=call.region,
        to_region=body.to_region,
        reason=body.reason,
        at=call.now,
    )
    return await call.decide(
        region_transfer,
        transfer_id,
        command,
        status=201,
        location="/assignments/transfers/{id}",
        show={"transfer_id": transfer_id},
        new=True,
    )


@router.post("/{transfer_id}/consent", dependencies=[allows("coordinator", "manager")])
async def record_consent(transfer_id: UUID, body: ConsentBody, call: Call) -> Response:
    """Record that the parent, or the local authority, agreed."""
    return await call.decide(region_transfer, transfer_id, RecordConsent(body.given_by, call.now))


@router.post("/{transfer_id}/accept", dependencies=[allows("manager")])
async def accept_transfer(transfer_id: UUID, body: AcceptBody, call: Call) -> Response:
    """Take the child over: from now on the other region owns it. Refused without consent."""
    return await call.decide(region_transfer, transfer_id, AcceptTransfer(body.effective_on, call.now))


@router.post("/{transfer_id}/reject", dependencies=[allows("manager")])
async def reject_transfer(transfer_id: UUID, body: RejectBody, call: Call) -> Response:
    """Do not take the child over."""
    return await call.decide(region_transfer, transfer_id, RejectTransfer(body.reason, call.now))


@router.post("/{transfer_id}/cancel", dependencies=[allows("coordinator", "manager")])
async def cancel_transfer(transfer_id: UUID, body: CancelBody, call: Call) -> Response:
    """No longer ask."""
    return await call.decide(region_transfer, transfer_id, CancelTransfer(body.reason, call.now))


@router.get("", dependencies=[allows("coordinator", "manager", "auditor", "dsl"), seen("transfers")])
async def list_transfers(
    reads: Reads,
    child_id: UUID | None = None,
    status: Status | None = None,
    to_region: Annotated[str | None, Query(max_length=63, pattern="^[a-z0-9-]+$")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TransferPage:
    """Transfers, the oldest first."""
    found = await reads(questions.transfers_by_time, child_id, status, to_region, by_time(cursor), limit + 1)
    return TransferPage.model_validate(listed(found, limit, "requested_at", "transfer_id"))


@router.get(
    "/{transfer_id}",
    dependencies=[allows("coordinator", "manager", "auditor", "dsl"), seen("transfers")],
    response_model=TransferView,
)
async def show_transfer(transfer_id: UUID, reads: Reads) -> Any:
    """One transfer."""
    found = await reads(questions.transfer, transfer_id)
    if found is None:
        raise NotFound("transfer", transfer_id)
    return dict(found)
