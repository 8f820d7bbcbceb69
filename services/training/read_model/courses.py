"""Which courses there are, and who takes them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.policies import Validity
from services.training.read_model.tables import courses, enrolments
from shared.contracts.training.enrolment import TrainingCompleted
from shared.kernel.recorded import Recorded

Found = Sequence[dict[str, Any]]


async def published_courses(
    db: AsyncConnection, *, track: str | None, retired: bool, after: tuple[str, str, int] | None, limit: int
) -> Found:
    """Courses by track, title and version; `retired` ones are left out unless asked for."""
    order = (courses.c.track, courses.c.title, courses.c.version)
    asked = select(courses).order_by(*order).limit(limit)
    if track is not None:
        asked = asked.where(courses.c.track == track)
    if not retired:
        asked = asked.where(courses.c.retired_on.is_(None))
    if after is not None:
        asked = asked.where(tuple_(*order) > tuple_(*after))
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_course(db: AsyncConnection, course_id: UUID) -> dict[str, Any] | None:
    found = await db.execute(select(courses).where(courses.c.course_id == course_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def validity_of(db: AsyncConnection, recorded: Recorded[TrainingCompleted]) -> Validity:
    """For how long the completed course certifies. LookupError when there is no such course."""
    course = await find_course(db, recorded.fact.course_id)
    if course is None:
        raise LookupError(f"there is no course {recorded.fact.course_id}")
    return Validity(course["valid_months"])


async def enrolled(
    db: AsyncConnection,
    *,
    mentor_id: UUID | None,
    course_id: UUID | None,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> Found:
    """Enrolments in the order of their making."""
    asked = select(enrolments).order_by(enrolments.c.enrolment_id).limit(limit)
    wanted = {"mentor_id": mentor_id, "course_id": course_id, "state": state}
    for name, value in wanted.items():
        if value is not None:
            asked = asked.where(enrolments.c[name] == value)
    if after is not None:
        asked = asked.where(enrolments.c.enrolment_id > after)
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_enrolment(db: AsyncConnection, enrolment_id: UUID) -> dict[str, Any] | None:
    found = await db.execute(select(enrolments).where(enrolments.c.enrolment_id == enrolment_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None
