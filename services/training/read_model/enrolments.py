"""Who takes which course, and what policies have to know before they assign or certify."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.domain.periods import USUAL, Renewing
from services.training.policies.assigning import Wanted
from services.training.policies.certifying import Validity
from services.training.read_model.courses import find_course, newest_courses, programme_on
from services.training.read_model.tables import enrolments, evidence, mentors
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.training.certification import CertificationWindowOpened
from shared.contracts.training.enrolment import TrainingCompleted, TrainingWaived
from shared.kernel.recorded import Recorded

OPEN = ("assigned", "in_progress")
ROLE = "learning_mentor"


async def enrolled(
    db: AsyncConnection,
    *,
    mentor_id: UUID | None,
    course_id: UUID | None,
    track: str | None,
    state: str | None,
    overdue: bool | None,
    due_until: date | None,
    after: UUID | None,
    limit: int,
) -> Sequence[dict[str, Any]]:
    """Enrolments in the order of their ids, which is that of their making where people made them."""
    asked = select(enrolments).order_by(enrolments.c.enrolment_id).limit(limit)
    wanted = {
        "mentor_id": mentor_id,
        "course_id": course_id,
        "track": track,
        "state": state,
        "overdue": overdue,
    }
    for name, value in wanted.items():
        if value is not None:
            asked = asked.where(enrolments.c[name] == value)
    if due_until is not None:
        asked = asked.where(enrolments.c.due_on <= due_until, enrolments.c.state.in_(OPEN))
    if after is not None:
        asked = asked.where(enrolments.c.enrolment_id > after)
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def find_enrolment(db: AsyncConnection, enrolment_id: UUID) -> dict[str, Any] | None:
    found = await db.execute(select(enrolments).where(enrolments.c.enrolment_id == enrolment_id))
    row = found.mappings().one_or_none()
    return dict(row) if row else None


async def validity_of(
    db: AsyncConnection, recorded: Recorded[TrainingCompleted | TrainingWaived]
) -> Validity:
    """For how long the course certifies: the programme may say less. LookupError when there is no such course."""
    course = await find_course(db, recorded.fact.course_id)
    if course is None:
        raise LookupError(f"there is no course {recorded.fact.course_id}")
    programme = await programme_on(db, ROLE, recorded.recorded_at.date())
    needs = programme["requirements"] if programme else []
    for need in needs:
        if need["track"] == recorded.fact.track:
            said = [months for months in (course["valid_months"], need["valid_months"]) if months is not None]
            return Validity(min(said, default=None), Renewing(need["window_days"], need["renew_before_days"]))
    return Validity(course["valid_months"], USUAL)


async def wanted_of(db: AsyncConnection, recorded: Recorded[MentorEngaged]) -> tuple[Wanted, ...]:
    """What the programme asks of a new mentor who has not shown it; nothing when no programme was set."""
    today = max(recorded.recorded_at.date(), recorded.fact.engaged_on)
    held = select(evidence.c.item).where(
        evidence.c.mentor_id == recorded.fact.mentor_id,
        evidence.c.valid_from <= today,
        evidence.c.valid_until.is_(None) | (evidence.c.valid_until >= today),
        evidence.c.withdrawn_on.is_(None),
    )
    shown = set((await db.scalars(held)).all())
    return tuple(found for found in await _programme(db, today) if found.track not in shown)


async def renewal_of(
    db: AsyncConnection, recorded: Recorded[CertificationWindowOpened]
) -> tuple[Wanted, ...]:
    """The course that renews a certification, where a programme asks for it; none for a mentor who has left."""
    today = recorded.recorded_at.date()
    who = mentors.c.mentor_id == recorded.fact.mentor_id
    if await db.scalar(select(mentors.c.mentor_id).where(who, mentors.c.left_on <= today)):
        return ()
    found = await _programme(db, today)
    return tuple(wanted for wanted in found if wanted.track == recorded.fact.track)


async def open_enrolments_of(db: AsyncConnection, recorded: Recorded[MentorLeft]) -> tuple[UUID, ...]:
    """What a mentor who left has not completed."""
    asked = select(enrolments.c.enrolment_id).where(
        enrolments.c.mentor_id == recorded.fact.mentor_id, enrolments.c.state.in_(OPEN)
    )
    return tuple((await db.scalars(asked.order_by(enrolments.c.enrolment_id))).all())


async def _programme(db: AsyncConnection, on: date) -> list[Wanted]:
    programme = await programme_on(db, ROLE, on)
    if programme is None:
        return []
    courses = await newest_courses(db)
    return [
        Wanted(need["track"], courses[need["track"]], need["complete_within_days"])
        for need in programme["requirements"]
        if need["track"] in courses
    ]
