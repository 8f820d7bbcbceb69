"""What the policies of statements have to know before they act."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.read_model.completions import Enrolments, enrolments_on
from services.training.read_model.courses import find_course
from services.training.xapi.policy import Taking, Voided
from services.training.xapi.tables import learned, statements
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.learning import LearningStated, LearningVoided
from shared.kernel.recorded import Recorded


async def taking_of(db: AsyncConnection, recorded: Recorded[LearningStated]) -> Taking | None:
    """The course and the enrolments on it; None when there is no such course, or the statement was voided."""
    fact = recorded.fact
    if fact.course_id is None:
        return None
    asked = select(statements.c.voided_by).where(statements.c.statement_id == fact.statement_id)
    if await db.scalar(asked) is not None:
        return None
    course = await find_course(db, fact.course_id)
    if course is None or course["published_on"] is None:
        return None
    pair = (fact.mentor_id, fact.course_id)
    found = (await enrolments_on(db, [pair])).get(pair, Enrolments())
    return Taking(course["track"], found.opened, found.completed)


async def completed_by(db: AsyncConnection, recorded: Recorded[LearningVoided]) -> Voided:
    """The enrolments that the voided statement completed."""
    asked = (
        select(learned.c.enrolment_id)
        .join(statements, statements.c.fact_id == learned.c.fact_id)
        .where(
            statements.c.statement_id == recorded.fact.voided_statement_id, learned.c.outcome == "completed"
        )
        .order_by(learned.c.enrolment_id)
    )
    return tuple((await db.scalars(asked)).all())


async def rests_on_voided(db: AsyncConnection, recorded: Recorded[CertificationGranted]) -> bool:
    """Whether a statement that was voided since had completed its enrolment."""
    asked = (
        select(statements.c.voided_by)
        .join(learned, learned.c.fact_id == statements.c.fact_id)
        .where(learned.c.enrolment_id == recorded.fact.enrolment_id)
    )
    return await db.scalar(asked) is not None
