"""Beside statements: which versions are spoken, courses as activities, and what followed from a statement."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.training.agency import agency
from services.training.api.fields import READERS
from services.training.badges.public import published
from services.training.read_model.courses import find_course
from services.training.xapi.answering import answer
from services.training.xapi.kept import consequence_of
from services.training.xapi.meaning import meaning
from services.training.xapi.sources import may_state
from services.training.xapi.versions import SPOKEN, XapiRoute, only
from shared.kernel.call import Reads, allows, seen
from shared.kernel.problems import NotFound

router = APIRouter(tags=["xapi"], route_class=XapiRoute)


@router.get("/xapi/about", dependencies=[published()], response_model=None)
async def about() -> Response:
    """Which versions of xAPI are spoken here, and what statements are about."""
    extensions = {f"{agency().home}/training/xapi/about#homePage": agency().home}
    return answer({"version": list(SPOKEN), "extensions": extensions}, {})


@router.get(
    "/xapi/activities", dependencies=[allows(*READERS, "integrator"), seen("courses")], response_model=None
)
async def activity(request: Request, reads: Reads) -> Response:
    """A course as an activity, by the `activityId` that statements name it with."""
    params = only(request, frozenset({"activityId", "after"}))
    iri = params.get("activityId", "")
    course_id = agency().course_of(iri)
    course = await reads(find_course, course_id) if course_id else None
    if course is None:
        raise NotFound("course", f"{iri}; a course is {agency().home}/training/courses/ and its id")
    definition = {"name": {"en-GB": course["title"]}, "type": "http://adlnet.gov/expapi/activities/course"}
    return answer({"objectType": "Activity", "id": iri, "definition": definition}, {})


@router.get(
    "/xapi/statements/{statement_id}/outcome",
    dependencies=[allows(*READERS, "integrator"), seen("statements", "learned")],
)
async def outcome(statement_id: UUID, request: Request, reads: Reads) -> dict[str, Any]:
    """What followed from a statement: a completion or a failure, on which enrolment; or nothing, and what it means."""
    may_state(request)
    found = await reads(consequence_of, statement_id)
    if found is None:
        raise NotFound("statement", statement_id)
    reads.shows(mentor_id=found["mentor_id"])
    return {
        "statement_id": statement_id,
        "mentor_id": found["mentor_id"],
        "course_id": found["course_id"],
        "means": meaning(found["verb"], found["success"]),
        "outcome": found["outcome"],
        "enrolment_id": found["enrolment_id"],
        "certification_id": found["certification_id"],
        "voided_by": found["voided_by"],
    }
