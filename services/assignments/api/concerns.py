"""Safeguarding concerns: raised by many, listed, shown and closed for the designated safeguarding lead alone."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.api.asking import Prose, by_time, known, listed
from services.assignments.domain.child import Child, NotKnown, child
from services.assignments.domain.concern import CloseConcern, RaiseConcern, concern
from services.assignments.read_model import concerns as questions
from shared.contracts.words.requests import ConcernKind, ConcernOutcome
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound
from shared.kernel.sight import SeenAs

router = APIRouter(prefix="/concerns", tags=["safeguarding"])

Status = Literal["open", "closed"]


class RaiseBody(BaseModel):
    child_id: UUID
    kind: ConcernKind
    details: Prose


class CloseBody(BaseModel):
    outcome: ConcernOutcome
    summary: Prose


class ConcernView(BaseModel):
    concern_id: UUID
    child_id: UUID
    kind: Annotated[ConcernKind, SeenAs("safeguarding")]
    details: Annotated[str, SeenAs("safeguarding")]
    status: Status
    raised_at: datetime
    raised_by: str
    outcome: Annotated[ConcernOutcome | None, SeenAs("safeguarding")]
    summary: Annotated[str | None, SeenAs("safeguarding")]
    closed_at: datetime | None


class ConcernPage(BaseModel):
    items: list[ConcernView]
    next: str | None


@router.post(
    "",
    status_code=201,
    dependencies=[allows("mentor", "coordinator", "school", "parent", "manager", "dsl")],
)
async def raise_concern(body: RaiseBody, call: Call) -> Response:
    """Say that you are worried about a child. Only the designated safeguarding lead will read it."""
    # From the store itself: a concern must not be turned away because a table is behind.
    state: Child = await known(call, child, body.child_id)
    if isinstance(state, NotKnown):
        raise NotFound("child", body.child_id)
    concern_id = call.new_id()
    command = RaiseConcern(concern_id, body.child_id, body.kind, body.details, call.now)
    return await call.decide(
        concern, concern_id, command, status=201, show={"concern_id": concern_id}, new=True
    )


@router.post("/{concern_id}/close", dependencies=[allows("dsl")])
async def close_concern(concern_id: UUID, body: CloseBody, call: Call) -> Response:
    """Close it, with what came of it."""
    return await call.decide(concern, concern_id, CloseConcern(body.outcome, body.summary, call.now))


@router.get("", dependencies=[allows("dsl"), seen("concerns")])
async def list_concerns(
    reads: Reads,
    child_id: UUID | None = None,
    status: Status | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ConcernPage:
    """Concerns, the oldest first."""
    found = await reads(questions.concerns_by_time, child_id, status, by_time(cursor), limit + 1)
    return ConcernPage.model_validate(listed(found, limit, "raised_at", "concern_id"))


@router.get("/{concern_id}", dependencies=[allows("dsl"), seen("concerns")], response_model=ConcernView)
async def show_concern(concern_id: UUID, reads: Reads) -> Any:
    """One concern."""
    found = await reads(questions.concern, concern_id)
    if found is None:
        raise NotFound("concern", concern_id)
    return dict(found)
