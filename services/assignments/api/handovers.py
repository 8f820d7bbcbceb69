"""Handing over from one primary to the next; and the whole history of an assignment or of a cover."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.api.asking import Prose, by_number
from services.assignments.api.assignments import offered_as
from services.assignments.api.request_history import HistoryPage, steps_of
from services.assignments.api.speaking import speaks_for
from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import BeginHandover, OverrideHandover, RecordHandover
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.cover import CoverRequested
from shared.contracts.fact import Fact, contract_of
from shared.contracts.words.mentoring import OverrideReason
from shared.contracts.words.support import EndReason
from shared.kernel.call import Call, Lookup, Reads, allows
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound

router = APIRouter(tags=["assignments"])


class BeginHandoverBody(BaseModel):
    """`last_day` is the mentor's last day with the child, as planned."""

    last_day: date
    reason: EndReason


class HandoverBody(BaseModel):
    """`summary` is what the next mentor has to know of the child."""

    summary: Prose
    to_mentor_id: UUID | None = None


class OverrideBody(BaseModel):
    reason: OverrideReason


@router.post("/assignments/{assignment_id}/handover/begin", dependencies=[allows("coordinator", "manager")])
async def begin(assignment_id: UUID, body: BeginHandoverBody, call: Call) -> Response:
    """The end of a primary's support is in sight."""
    command = BeginHandover(body.last_day, body.reason, call.now)
    return await call.decide(assignment, assignment_id, command)


@router.post(
    "/assignments/{assignment_id}/handover", dependencies=[allows("coordinator", "manager", "mentor")]
)
async def record(assignment_id: UUID, body: HandoverBody, call: Call) -> Response:
    """What the mentor knows of the child was passed on; also after the end. A mentor hands over what is theirs."""
    speaks_for(call, (await offered_as(call, assignment_id)).mentor_id)
    command = RecordHandover(body.summary, body.to_mentor_id, call.now)
    return await call.decide(assignment, assignment_id, command)


@router.post(
    "/assignments/{assignment_id}/handover/override", dependencies=[allows("coordinator", "manager")]
)
async def override(assignment_id: UUID, body: OverrideBody, call: Call) -> Response:
    """Let the next mentor begin without a handover; who does so answers for it."""
    command = OverrideHandover(body.reason, str(call.actor), call.now)
    return await call.decide(assignment, assignment_id, command)


@router.get(
    "/assignments/{assignment_id}/history", dependencies=[allows("coordinator", "manager", "auditor", "dsl")]
)
async def history_of_assignment(
    assignment_id: UUID, reads: Reads, cursor: Cursor = None, limit: Limit = 50
) -> HistoryPage:
    """Everything that happened to an offer or an assignment, from the store itself."""
    return await _history(reads, assignment_id, "assignment", (MentorOffered, MentorAssigned), cursor, limit)


@router.get("/covers/{cover_id}/history", dependencies=[allows("coordinator", "manager", "auditor", "dsl")])
async def history_of_cover(
    cover_id: UUID, reads: Reads, cursor: Cursor = None, limit: Limit = 50
) -> HistoryPage:
    """Everything that happened to a search for cover, from the store itself."""
    return await _history(reads, cover_id, "cover", (CoverRequested,), cursor, limit)


async def _history(
    reads: Lookup,
    stream: UUID,
    kind: str,
    begins_with: tuple[type[Fact], ...],
    cursor: str | None,
    limit: int,
) -> HistoryPage:
    after = by_number(cursor) or 0
    events = await reads.running.store.load(stream)
    if not events or events[0].topic not in {contract_of(fact).topic for fact in begins_with}:
        raise NotFound(kind, stream)
    first, *_ = await steps_of(reads, events[:1])
    reads.shows(child_id=UUID(first.data["child_id"]))
    steps = await steps_of(reads, [event for event in events if event.version > after][: limit + 1])
    return HistoryPage.model_validate(page(steps, limit, lambda step: [step.number]))
