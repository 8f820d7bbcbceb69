"""Mentors: engaged, let go, listed, and shown with what they lack."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from services.assignments.api.asking import Email, Name, Sought, Today, by_name, known, listed
from services.assignments.api.speaking import themselves
from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import Apply, EngageMentor, LetMentorGo
from services.assignments.domain.mentor_states import Applicant
from services.assignments.read_model import mentors as questions
from services.assignments.read_model.mentors import Wanted
from shared.contracts.eligibility import Evidence, Shortfall, shortfalls
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit
from shared.kernel.problems import NotFound
from shared.kernel.sight import SeenAs, insist

router = APIRouter(prefix="/mentors", tags=["mentors"])

Employment = Literal["applicant", "engaged", "on_leave", "left"]
Compliance = Literal["vetting", "inducting", "deployable", "restricted", "suspended"]
SHOWN_TO = ("coordinator", "manager", "compliance", "trainer", "auditor")


class ApplyBody(BaseModel):
    name: Name
    email: Email
    applied_on: date


class EngageBody(BaseModel):
    name: Name
    email: Email
    engaged_on: date


class EngageApplicantBody(BaseModel):
    engaged_on: date


class LeaveBody(BaseModel):
    left_on: date


class ReasonView(BaseModel):
    """An item that keeps the mentor from a child, as training told it."""

    item: str
    status: str
    since: date | None
    said: str


class MentorView(BaseModel):
    """A mentor. `deployable` is what training last decided, and null when it has not yet; `reasons` say why not.

    `compliance` is how far they are with being fit to be with a child; `free` is without a child of their own.
    """

    mentor_id: UUID
    name: Annotated[str, SeenAs("employment")]
    email: Annotated[str, SeenAs("contact")]
    employment: Employment
    compliance: Compliance
    free: bool
    applied_on: date | None
    engaged_on: date | None
    left_on: date | None
    leave_from: date | None
    expected_back_on: date | None
    deployable: bool | None
    standing_since: date | None
    suspended_on: date | None
    reasons: list[ReasonView]
    town: Annotated[str | None, SeenAs("contact")]
    postcode_district: Annotated[str | None, SeenAs("contact")]


class MentorWithShortfalls(MentorView):
    """`shortfalls` is what keeps the mentor from a child on the day asked for."""

    on: date
    shortfalls: list[ReasonView]
    evidence: list[Evidence]


class MentorPage(BaseModel):
    items: list[MentorView]
    next: str | None


@router.post("", status_code=201, dependencies=[allows("coordinator", "manager")])
async def engage(body: EngageBody, call: Call) -> Response:
    """Engage a mentor."""
    mentor_id = call.new_id()
    return await call.decide(
        mentor,
        mentor_id,
        EngageMentor(mentor_id, body.name, body.email, body.engaged_on),
        status=201,
        location="/assignments/mentors/{id}",
        show={"mentor_id": mentor_id},
        new=True,
    )


@router.post("/applications", status_code=201, dependencies=[allows("coordinator", "manager")])
async def apply(body: ApplyBody, call: Call) -> Response:
    """Take in an application: vetting can begin, employment has not."""
    mentor_id = call.new_id()
    return await call.decide(
        mentor,
        mentor_id,
        Apply(mentor_id, body.name, body.email, body.applied_on),
        status=201,
        location="/assignments/mentors/{id}",
        show={"mentor_id": mentor_id},
        new=True,
    )


@router.post("/{mentor_id}/engage", dependencies=[allows("coordinator", "manager")])
async def engage_applicant(mentor_id: UUID, body: EngageApplicantBody, call: Call) -> Response:
    """Engage who applied, under the name and address of the application."""
    state = await known(call, mentor, mentor_id)
    person = state.applied if isinstance(state, Applicant) else getattr(state, "engaged", None)
    if person is None:
        raise NotFound("application", mentor_id)
    command = EngageMentor(mentor_id, person.name, person.email, body.engaged_on)
    return await call.decide(mentor, mentor_id, command)


@router.post("/{mentor_id}/leave", dependencies=[allows("coordinator", "manager")])
async def leave(mentor_id: UUID, body: LeaveBody, call: Call) -> Response:
    """Let a mentor go: offers are cancelled and assignments end."""
    return await call.decide(mentor, mentor_id, LetMentorGo(body.left_on))


@router.get("", dependencies=[allows(*SHOWN_TO), seen("mentors", "eligibility", "compliance", "coverage")])
async def list_mentors(
    reads: Reads,
    today: Today,
    employment: Employment | None = None,
    compliance: Compliance | None = None,
    deployable: bool | None = None,
    town: Sought = None,
    postcode_district: Sought = None,
    free: bool | None = None,
    on: date | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> MentorPage:
    """The mentors of the agency, by name; all are of this service's region. `free`: without a child of their own."""
    if town is not None or postcode_district is not None:
        insist("contact", "town, postcode_district")
    wanted = Wanted(employment, compliance, deployable, town, postcode_district, free)
    found = await reads(questions.mentors_by_name, wanted, on or today, by_name(cursor), limit + 1)
    page = listed(found, limit, "name", "mentor_id")
    page["items"] = [_of(row) for row in page["items"]]
    return MentorPage.model_validate(page)


@router.get(
    "/{mentor_id}",
    dependencies=[allows(*SHOWN_TO, "mentor"), seen("mentors", "eligibility", "compliance", "coverage")],
)
async def show_mentor(
    mentor_id: UUID, reads: Reads, request: Request, today: Today, on: date | None = None
) -> MentorWithShortfalls:
    """One mentor, with what they can show and what they lack on a day (today). A mentor sees themselves."""
    themselves(request.state.actor, mentor_id)
    day = on or today
    found = await reads(questions.mentor, mentor_id, day)
    if found is None:
        raise NotFound("mentor", mentor_id)
    shown = await reads(questions.evidence_of, mentor_id)
    lacking = [_view(lack) for lack in shortfalls(shown, day)]
    return MentorWithShortfalls.model_validate(
        _of(found) | {"on": day, "shortfalls": lacking, "evidence": shown}
    )


def _of(row: Any) -> dict[str, Any]:
    """A mentor as shown; reasons only count while they keep the mentor away."""
    away = row["compliance"] in ("restricted", "suspended")
    return {**row, "free": not row["supports_somebody"], "reasons": (row["reasons"] or []) if away else []}


def _view(lack: Shortfall) -> dict[str, Any]:
    return {"item": lack.item, "status": lack.status, "since": lack.since, "said": str(lack)}
