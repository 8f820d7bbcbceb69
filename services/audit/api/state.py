"""What was known when, over HTTP."""

from collections import Counter
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from services.audit.api.showing import AUDITORS, KnownAt
from services.audit.read_model.ledger import known_of_child
from services.audit.replay.answer import sealed
from services.audit.replay.child import FOLD, fold, state
from services.audit.replay.reading import read
from services.audit.subscriptions import SOURCES
from shared.kernel.call import Reads, allows, seen
from shared.kernel.problems import NotFound

router = APIRouter(tags=["state"], dependencies=[allows(*AUDITORS), seen("ledger", "supports")])


@router.get("/state/children/{child_id}")
async def child(
    child_id: UUID,
    reads: Reads,
    known_at: KnownAt = None,
    on: Annotated[date | None, Query(description="the day asked about; default: that of known_at")] = None,
) -> dict[str, Any]:
    """The child's state on a day, as known at a moment, and what the answer rests on.

    The same question about the past gives the same answer and the same `result_sha256`, on any machine.
    """
    until = known_at or reads.running.clock.now()
    day = on or until.date()
    rows, reached = await reads(known_of_child, child_id, until, SOURCES)
    if not rows:
        raise NotFound("child", child_id)
    facts, unread = read(rows)
    used = Counter(recorded.source for recorded in facts)
    return sealed(
        {
            "known_at": until.isoformat(),
            "on": day.isoformat(),
            "fold": FOLD,
            "rests_on": {
                source: {"up_to": position, "facts": used.get(source, 0)}
                for source, position in reached.items()
            },
            "unread": unread,
            "state": state(fold(child_id, facts), day),
        }
    )
