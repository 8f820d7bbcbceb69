"""Calendars over HTTP: publishing terms and closures, and asking which days are school days."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from services.sessions.api.fields import COORDINATORS, READERS, Day, Text
from services.sessions.api.public_holidays import public_holidays
from services.sessions.domain.calendar import Publish, calendar, calendar_id
from services.sessions.domain.usual_calendar import usual_terms
from services.sessions.read_model.calendars import (
    authority_known,
    published_calendars,
    school_days,
    school_known,
)
from shared.contracts.sessions.calendar import Closure, Term
from shared.contracts.words.calendar import CalendarScope
from shared.kernel.call import Call, CommandCall, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["calendars"])

SchoolYear = Annotated[
    # The package of public holidays knows none later.
    int,
    Field(ge=2000, le=2098, description="the year in which it begins: 2026 for 2026/27"),
]
MOST_DAYS = 400


class TermBody(BaseModel):
    """First and last day of a term; half-terms are terms of their own."""

    name: Text
    starts_on: Day
    ends_on: Day


class NewCalendar(BaseModel):
    """`scope_key` is the local authority's name in the register or the school's id; for a region leave it out.

    Without `terms` the closures are added to the terms of a wider scope.
    """

    scope: CalendarScope
    scope_key: Text | None = None
    school_year: SchoolYear
    terms: Annotated[tuple[TermBody, ...], Field(max_length=20)] = ()
    closures: Annotated[tuple[Closure, ...], Field(max_length=200)] = ()
    public_holidays: Annotated[
        Literal["england", "none"], Field(description="those that are added to the closures")
    ] = "england"


class UsualCalendar(BaseModel):
    """The terms that most schools have, for the whole region: until somebody publishes better ones."""

    school_year: SchoolYear


class CalendarView(BaseModel):
    calendar_id: UUID
    scope: CalendarScope
    scope_key: str
    school_year: int
    terms: list[Term]
    closures: list[Closure]
    published_at: AwareDatetime


class CalendarPage(BaseModel):
    items: list[CalendarView]
    next: str | None


class DayView(BaseModel):
    """A day at a school; `why` there is none, when there is no school."""

    on: date
    term: str | None
    school: bool
    why: str | None


class DaysView(BaseModel):
    school_id: UUID
    days: list[DayView]


@router.post("/calendars", status_code=201, dependencies=[allows(*COORDINATORS)])
async def publish(body: NewCalendar, call: Call) -> Response:
    """Publish the terms and closures of a school year. Sessions of timetables follow: none on closed days."""
    key = await _scope_key(body, call)
    closed = {closure.on for closure in body.closures}
    added = public_holidays(body.school_year) if body.public_holidays == "england" else ()
    closures = (*body.closures, *(closure for closure in added if closure.on not in closed))
    terms = tuple(Term(**term.model_dump()) for term in body.terms)
    return await _publish(call, Publish(body.scope, key, body.school_year, terms, closures, at=call.now))


@router.post("/calendars/usual", status_code=201, dependencies=[allows(*COORDINATORS)])
async def publish_usual(body: UsualCalendar, call: Call) -> Response:
    """Publish the usual English terms and public holidays for the whole region, in one go."""
    year = body.school_year
    command = Publish("region", call.region, year, usual_terms(year), public_holidays(year), at=call.now)
    return await _publish(call, command)


@router.get(
    "/calendars", response_model=CalendarPage, dependencies=[allows(*READERS, "mentor"), seen("calendars")]
)
async def list_calendars(
    reads: Reads,
    scope: CalendarScope | None = None,
    school_year: int | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The calendars as they are now, the newest school year first."""
    place = after(cursor)
    try:
        since = (int(place[0]), UUID(place[1])) if place else None
    except (TypeError, ValueError, AttributeError, IndexError):
        raise wrong_cursor() from None
    found = await reads(
        published_calendars, scope=scope, school_year=school_year, after=since, limit=limit + 1
    )
    return page(found, limit, lambda row: [row["school_year"], row["calendar_id"]])


@router.get(
    "/schools/{school_id}/days",
    response_model=DaysView,
    dependencies=[allows(*READERS, "mentor", "school"), seen("calendars", "school_authorities")],
)
async def show_days(
    school_id: UUID,
    reads: Reads,
    since: Annotated[Day | None, Query(alias="from", description="first day")] = None,
    until: Annotated[Day | None, Query(alias="to", description="last day")] = None,
    known_at: Annotated[datetime | None, Query(description="as it was known then")] = None,
) -> dict[str, Any]:
    """Every day of a span at a school: whether there is school, in which term, or why not."""
    if since is None or until is None or not since <= until <= since + timedelta(days=MOST_DAYS):
        raise Problem(
            422, "invalid_request", f"from, to: give a first and a last day, at most {MOST_DAYS} days"
        )
    if not await reads(school_known, school_id):
        raise NotFound("school", school_id)
    school = await reads(school_days, school_id, reads.running.settings.region, known_at)
    days = []
    for n in range((until - since).days + 1):
        day = since + timedelta(days=n)
        why, term = school.no_school(day), school.term_of(day)
        days.append(
            {"on": day, "term": term.name if term else None, "school": why is None, "why": why and str(why)}
        )
    return {"school_id": school_id, "days": days}


async def _publish(call: CommandCall, command: Publish) -> Response:
    stream = calendar_id(command.scope, command.scope_key, command.school_year)
    return await call.decide(calendar, stream, command, status=201, show={"calendar_id": str(stream)})


async def _scope_key(body: NewCalendar, call: CommandCall) -> str:
    """Whom the calendar is for. Raises Problem 404 and 422."""
    key = body.scope_key
    if body.scope == "region":
        if key not in (None, call.region):
            raise Problem(
                422, "invalid_request", f"scope_key: this is the region {call.region}; leave it out"
            )
        return call.region
    if key is None:
        raise Problem(422, "invalid_request", f"scope_key: name the {body.scope.replace('_', ' ')}")
    if body.scope == "local_authority":
        if not await call.reads(authority_known, key):
            raise NotFound("local authority with a school here", key)
        return key
    try:
        school_id = UUID(key)
    except ValueError:
        raise Problem(422, "invalid_request", "scope_key: a school is named by its id") from None
    if not await call.reads(school_known, school_id):
        raise NotFound("school", school_id)
    return str(school_id)
