"""What an import of completions has to know: mentors by id or e-mail, courses, and their enrolments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.read_model.enrolments import OPEN
from services.training.read_model.tables import enrolments, mentors


@dataclass(frozen=True, slots=True)
class Enrolments:
    """Of one mentor on one course: what is open, and the days on which it was completed."""

    opened: tuple[tuple[UUID, date], ...] = ()
    completed: frozenset[date] = frozenset()


async def mentors_named(db: AsyncConnection, names: Iterable[UUID | str]) -> dict[UUID | str, set[UUID]]:
    """The mentors with these ids or e-mail addresses (in lower case)."""
    wanted = set(names)
    ids = [name for name in wanted if isinstance(name, UUID)]
    emails = [name for name in wanted if isinstance(name, str)]
    asked = select(mentors.c.mentor_id, mentors.c.email).where(
        or_(mentors.c.mentor_id.in_(ids), mentors.c.email.in_(emails))
    )
    found: dict[UUID | str, set[UUID]] = {}
    for mentor_id, email in await db.execute(asked):
        for name in {mentor_id, email} & wanted:
            found.setdefault(name, set()).add(mentor_id)
    return found


async def enrolments_on(
    db: AsyncConnection, pairs: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Enrolments]:
    """Of each of these (mentor, course)."""
    both = tuple_(enrolments.c.mentor_id, enrolments.c.course_id)
    asked = select(enrolments).where(both.in_(pairs), enrolments.c.state.in_([*OPEN, "completed"]))
    rows: dict[tuple[UUID, UUID], list[Any]] = {}
    for row in (await db.execute(asked.order_by(enrolments.c.enrolment_id))).mappings():
        rows.setdefault((row["mentor_id"], row["course_id"]), []).append(row)
    return {
        pair: Enrolments(
            tuple((row["enrolment_id"], row["assigned_on"]) for row in found if row["state"] in OPEN),
            frozenset(row["completed_on"] for row in found if row["state"] == "completed"),
        )
        for pair, found in rows.items()
    }
