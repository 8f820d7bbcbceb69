"""Timesheets over HTTP: pay periods opened and closed, and their lines as JSON and CSV."""

from collections.abc import AsyncIterator
from datetime import UTC, date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.sessions.api.fields import COORDINATORS, READERS
from services.sessions.api.timesheet_csv import MEDIA_TYPE, SCHEMA, header, rows
from services.sessions.api.timesheet_views import Closing, NewPeriod, OnePeriodView, PeriodPage, TimesheetPage
from services.sessions.domain.payroll import Close, Open, payroll, payroll_id, period_id
from services.sessions.read_model.pay_periods import count, find_period, periods, unsettled
from services.sessions.read_model.timesheets import (
    Place,
    Window,
    find_window,
    timesheet_lines,
    totals_of,
)
from shared.kernel.auth import Actor
from shared.kernel.call import Call, Lookup, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["timesheets"])

PAYERS = (*READERS, "integrator")
ACCOUNTS = seen("session_accounts", "pay_periods")
AT_ONCE = 2000
"""Lines of a CSV that are read at once."""


@router.post("/pay-periods", status_code=201, dependencies=[allows(*COORDINATORS)])
async def open_period(body: NewPeriod, call: Call) -> Response:
    """Contact on these days is paid and billed together; logs of it are taken in until the cut-off."""
    period = period_id(call.region, body.starts_on)
    cut_off_at = body.cut_off_at.astimezone(UTC)
    command = Open(period, body.starts_on, body.ends_on, cut_off_at, at=call.now)
    location, shown = f"/sessions/pay-periods/{period}", {"period_id": str(period)}
    return await call.decide(
        payroll, payroll_id(call.region), command, status=201, location=location, show=shown
    )


@router.post("/pay-periods/{period_id}/close", dependencies=[allows(*COORDINATORS)])
async def close_period(period_id: UUID, body: Closing, call: Call) -> Response:
    """Settle a period: its totals are a fact, and its approved sessions are locked."""
    counted = await call.reads(count, period_id)
    if counted is None:
        raise NotFound("pay period", period_id)
    command = Close(period_id, counted, body.force_reason if body.force else None, at=call.now)
    return await call.decide(payroll, payroll_id(call.region), command, show={"period_id": str(period_id)})


@router.get("/pay-periods", response_model=PeriodPage, dependencies=[allows(*PAYERS, "mentor"), ACCOUNTS])
async def list_periods(reads: Reads, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Pay periods, the latest first."""
    place = after(cursor)
    try:
        since = (date.fromisoformat(place[0]), UUID(place[1])) if place else None
    except (TypeError, ValueError, AttributeError, IndexError):
        raise wrong_cursor() from None
    found = await reads(periods, after=since, limit=limit + 1)
    return page(found, limit, lambda row: [row["ends_on"], row["period_id"]])


@router.get(
    "/pay-periods/{period_id}", response_model=OnePeriodView, dependencies=[allows(*PAYERS), ACCOUNTS]
)
async def show_period(period_id: UUID, reads: Reads) -> dict[str, Any]:
    """A pay period with its totals; while it is open, those so far, and what is still to be settled."""
    found = await reads(find_period, period_id)
    window = await reads(find_window, period_id)
    if found is None or window is None:
        raise NotFound("pay period", period_id)
    if found["closed_at"] is not None:
        return {**found, "unsettled": []}
    number, examples = await reads(unsettled, window)
    totals = await reads(totals_of, window)
    return {**found, "totals": totals, "unresolved": number, "unsettled": examples}


@router.get(
    "/timesheets",
    response_model=TimesheetPage,
    dependencies=[allows(*PAYERS, "mentor"), ACCOUNTS],
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def timesheet(
    request: Request,
    reads: Reads,
    period_id: UUID,
    mentor_id: UUID | None = None,
    format: Annotated[Literal["json", "csv"], Query(description="CSV is not paged")] = "json",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Any:
    """The lines of a pay period, and what they come to. A mentor asks for their own, by mentor_id."""
    actor: Actor = request.state.actor
    if actor.role == "mentor" and actor.name != str(mentor_id):
        raise Problem(403, "not_allowed", "mentor_id: a mentor sees their own timesheet, so give your own id")
    window = await reads(find_window, period_id)
    if window is None:
        raise NotFound("pay period", period_id)
    reads.shows(mentor_id=mentor_id)
    if format == "csv":
        name = f"{SCHEMA}-{window.ends_on.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Alongside-Schema": SCHEMA}
        return StreamingResponse(
            _csv(reads, period_id, window, mentor_id), media_type=MEDIA_TYPE, headers=headers
        )
    found = await reads(timesheet_lines, window, mentor_id=mentor_id, after=_place(cursor), limit=limit + 1)
    lines = page(found, limit, lambda line: [line["day"], line["session_id"], line["position"], line["kind"]])
    totals = await reads(totals_of, window, mentor_id=mentor_id)
    return {**lines, "period_id": period_id, "totals": totals}


async def _csv(reads: Lookup, period: UUID, window: Window, mentor_id: UUID | None) -> AsyncIterator[str]:
    """The same lines, a header first; the period is the first column."""
    place: Place | None = None
    yield header()
    while True:
        found = await reads(timesheet_lines, window, mentor_id=mentor_id, after=place, limit=AT_ONCE)
        yield rows(period, found)
        if len(found) < AT_ONCE:
            return
        last = found[-1]
        place = (last["day"], last["session_id"], last["position"], last["kind"])


def _place(cursor: str | None) -> Place | None:
    """The last line of the page before. Raises Problem 422."""
    place = after(cursor)
    try:
        return (date.fromisoformat(place[0]), UUID(place[1]), int(place[2]), str(place[3])) if place else None
    except (TypeError, ValueError, AttributeError, IndexError):
        raise wrong_cursor() from None
