"""Courses over HTTP: drafted, published, retired, listed."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from services.training.api.fields import READERS, TRAINERS, Text
from services.training.api.views import CoursePage, CourseState, CourseView
from services.training.domain.course import Draft, Publish, PublishDraft, Retire, course
from services.training.read_model.courses import find_course, list_of_courses
from shared.contracts.words.training import Track
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound

router = APIRouter(tags=["courses"])


class CourseBody(BaseModel):
    """`valid_months`: for how long completing it certifies; leave it out for induction, which is for good."""

    track: Track
    title: Text
    version: Annotated[int, Field(ge=1, le=10_000)] = 1
    valid_months: Annotated[int | None, Field(ge=1, le=120)] = None


class NewCourse(CourseBody):
    """A course; with `draft` it is only prepared, and published later."""

    draft: bool = False


@router.post("/courses", status_code=201, dependencies=[allows(*TRAINERS)])
async def prepare(body: NewCourse, call: Call) -> Response:
    """Publish a course, or the next version of one; or draft it."""
    stream = call.new_id()
    wanted = Draft if body.draft else Publish
    command = wanted(stream, body.track, body.title, body.version, body.valid_months, on=call.now.date())
    return await call.decide(
        course,
        stream,
        command,
        status=201,
        location="/training/courses/{id}",
        show={"course_id": str(stream)},
        new=True,
    )


@router.put("/courses/{course_id}/draft", dependencies=[allows(*TRAINERS)])
async def redraft(course_id: UUID, body: CourseBody, call: Call) -> Response:
    """Change a draft. What is published does not change."""
    if await call.reads(find_course, course_id) is None:
        raise NotFound("course", course_id)
    command = Draft(course_id, body.track, body.title, body.version, body.valid_months, on=call.now.date())
    return await call.decide(course, course_id, command)


@router.post("/courses/{course_id}/publication", dependencies=[allows(*TRAINERS)])
async def publish(course_id: UUID, call: Call) -> Response:
    """Publish a draft: the course may be assigned from today."""
    return await call.decide(course, course_id, PublishDraft(on=call.now.date()))


@router.post("/courses/{course_id}/retirement", dependencies=[allows(*TRAINERS)])
async def retire(course_id: UUID, call: Call) -> Response:
    """Assign this course to nobody any more."""
    return await call.decide(course, course_id, Retire(on=call.now.date()))


@router.get("/courses", response_model=CoursePage, dependencies=[allows(*READERS, "mentor"), seen("courses")])
async def list_courses(
    reads: Reads,
    track: Annotated[Track | None, Query()] = None,
    state: Annotated[CourseState | None, Query(description="one state; else what may be assigned")] = None,
    retired: Annotated[bool, Query(description="also the retired ones")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Courses by track, title and version."""
    states = [state] if state else ["published", "retired"] if retired else ["published"]
    found = await reads(list_of_courses, track=track, states=states, after=_place(cursor), limit=limit + 1)
    return page(found, limit, lambda row: [row["track"], row["title"], row["version"]])


@router.get(
    "/courses/{course_id}",
    response_model=CourseView,
    dependencies=[allows(*READERS, "mentor"), seen("courses")],
)
async def show_course(course_id: UUID, reads: Reads) -> dict[str, Any]:
    """One course."""
    found = await reads(find_course, course_id)
    if found is None:
        raise NotFound("course", course_id)
    return found


def _place(cursor: str | None) -> tuple[str, str, int] | None:
    """Track, title and version of the last course of the page before. Raises Problem 422."""
    match after(cursor):
        case None:
            return None
        case [str(track), str(title), int(version)]:
            return track, title, version
        case _:
            raise wrong_cursor()
