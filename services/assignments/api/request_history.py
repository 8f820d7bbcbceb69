"""The full history of a support request: every fact of it, as it was recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from services.assignments.api.asking import by_number
from shared.contracts.assignments.support_request import SupportRequestReceived
from shared.contracts.fact import Fact, contract_of
from shared.kernel.call import Lookup, Reads, allows
from shared.kernel.envelope import read
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound
from shared.kernel.sealing.batches import facts_in
from shared.kernel.sight import covered_fact
from shared.kernel.store import StoredEvent

router = APIRouter(prefix="/support-requests", tags=["support requests"])

BEGINS_WITH = contract_of(SupportRequestReceived).topic


class StepView(BaseModel):
    """A fact of the request; `number` counts from 1, `by` is who or what caused it."""

    number: int
    fact: str
    recorded_at: datetime
    by: str
    data: dict[str, Any]


class HistoryPage(BaseModel):
    items: list[StepView]
    next: str | None


@router.get("/{request_id}/history", dependencies=[allows("coordinator", "manager", "auditor")])
async def history(request_id: UUID, reads: Reads, cursor: Cursor = None, limit: Limit = 50) -> HistoryPage:
    """Everything that happened to a request, from the store itself."""
    after = by_number(cursor) or 0
    events = await reads.running.store.load(request_id)
    if not events or events[0].topic != BEGINS_WITH:
        raise NotFound("support request", request_id)
    steps = await steps_of(reads, [event for event in events if event.version > after][: limit + 1])
    return HistoryPage.model_validate(page(steps, limit, lambda step: [step.number]))


async def steps_of(reads: Lookup, events: Sequence[StoredEvent]) -> list[StepView]:
    """These facts as the caller may see them; what can't be opened says why."""
    facts = await facts_in(reads.running.sealer, [event.state for event in events], insist=False)
    return [_step(event, fact) for event, fact in zip(events, facts, strict=True)]


def _step(event: StoredEvent, fact: Fact) -> StepView:
    envelope = read(event.state)
    return StepView(
        number=event.version,
        fact=event.topic,
        recorded_at=envelope.time,
        by=envelope.actor,
        data=covered_fact(event.topic, fact.model_dump(mode="json")),
    )
