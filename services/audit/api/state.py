"""The state of a child, a mentor or the region over HTTP: on a day, as known at a moment."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from services.audit.api.asking import Known, On
from services.audit.api.showing import AUDITORS
from services.audit.read_model.kinds import Asked
from shared.kernel.call import allows, seen

router = APIRouter(tags=["state"], dependencies=[allows(*AUDITORS), seen("ledger", "supports")])


@router.get("/state/children/{child_id}")
async def child(child_id: UUID, asking: Known, on: On = None) -> dict[str, Any]:
    """The child's state on a day, as known at a moment, and what the answer rests on.

    The same question about the past gives the same answer and the same `result_sha256`, on any machine.
    """
    return await asking.answer("child-state", Asked(child_id=child_id, on=on or asking.moment.date()))


@router.get("/state/mentors/{mentor_id}")
async def mentor(mentor_id: UUID, asking: Known, on: On = None) -> dict[str, Any]:
    """The mentor's employment, evidence, children and sessions on a day, as known at a moment."""
    return await asking.answer("mentor-state", Asked(mentor_id=mentor_id, on=on or asking.moment.date()))


@router.get("/state/region")
async def region(asking: Known, on: On = None) -> dict[str, Any]:
    """The whole region on a day, as known at a moment: counts and lists. 409 when the history is too long for that."""
    return await asking.answer("region-state", Asked(on=on or asking.moment.date()))
