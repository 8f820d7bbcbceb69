"""What auditors ask, over HTTP. Each answer says what it rests on, and has a hash by which it is told again."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from services.audit.api.asking import Known, On
from services.audit.read_model.kinds import Asked
from shared.contracts.eligibility import Item
from shared.kernel.call import allows, seen

ASKERS = ("auditor", "manager", "compliance", "dsl", "coordinator")

router = APIRouter(prefix="/questions", tags=["questions"], dependencies=[allows(*ASKERS), seen("ledger")])

From = Annotated[date, Query(alias="from", description="first day asked about")]
To = Annotated[date, Query(alias="to", description="first day not asked about any more")]
ChildId = Annotated[UUID | None, Query(description="only of this child")]
MentorId = Annotated[UUID | None, Query(description="only of this mentor")]
SchoolId = Annotated[UUID | None, Query(description="only of this school")]


@router.get("/who-supported")
async def who_supported(asking: Known, child_id: UUID, on: On = None) -> dict[str, Any]:
    """1. Who supported the child on a day, in date for training on that day or not: as known at a moment."""
    return await asking.answer("who-supported", Asked(child_id=child_id, on=on or asking.moment.date()))


@router.get("/delivered-by-ineligible")
async def delivered_by_ineligible(
    asking: Known, since: From, until: To, child_id: ChildId = None, mentor_id: MentorId = None
) -> dict[str, Any]:
    """2. Which sessions were delivered by somebody later found ineligible."""
    asked = Asked(child_id, mentor_id, since=since, until=until)
    return await asking.answer("delivered-by-ineligible", asked)


@router.get("/cleared-on-evidence")
async def cleared_on_evidence(asking: Known, mentor_id: UUID, on: On = None) -> dict[str, Any]:
    """3. On what evidence the mentor was cleared, and who looked at it, when."""
    asked = Asked(mentor_id=mentor_id, on=on or asking.moment.date())
    return await asking.answer("cleared-on-evidence", asked)


@router.get("/late-or-amended-logs")
async def late_or_amended_logs(
    asking: Known, since: From, until: To, child_id: ChildId = None, mentor_id: MentorId = None
) -> dict[str, Any]:
    """4. Which logs were late, returned, amended or voided: before, after, by whom, why."""
    asked = Asked(child_id, mentor_id, since=since, until=until)
    return await asking.answer("late-or-amended-logs", asked)


@router.get("/provision-delivered")
async def provision_delivered(asking: Known, child_id: UUID, since: From, until: To) -> dict[str, Any]:
    """5. Provision specified against delivered for the child, with the reasons for the gap."""
    return await asking.answer("provision-delivered", Asked(child_id, since=since, until=until))


@router.get("/without-primary")
async def without_primary(asking: Known, child_id: UUID, since: From, until: To) -> dict[str, Any]:
    """6. Every period the child had no primary, and who covered."""
    return await asking.answer("without-primary", Asked(child_id, since=since, until=until))


@router.get("/whole-class-use")
async def whole_class_use(
    asking: Known,
    since: From,
    until: To,
    child_id: ChildId = None,
    mentor_id: MentorId = None,
    school_id: SchoolId = None,
) -> dict[str, Any]:
    """7. Any use of a mentor for a whole class."""
    asked = Asked(child_id, mentor_id, school_id, since=since, until=until)
    return await asking.answer("whole-class-use", asked)


@router.get("/alerts-before-lapse")
async def alerts_before_lapse(
    asking: Known, mentor_id: UUID, item: Annotated[Item, Query(description="a track or a clearance")]
) -> dict[str, Any]:
    """8. Which alerts fired before each lapse, who acknowledged, how long until somebody acted."""
    return await asking.answer("alerts-before-lapse", Asked(mentor_id=mentor_id, item=item))
