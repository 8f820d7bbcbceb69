"""Questions for who may be here already under another id: by name and school, by e-mail address."""

from uuid import UUID

from sqlalchemy import func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.tables import children, mentors, requests

OPEN = ("received", "triaged", "awaiting_information", "waitlisted", "matching", "offered", "accepted")


async def children_called(db: AsyncConnection, name: str, school_id: UUID, but: UUID) -> list[UUID]:
    """Children of this name at this school, asked for or supported, without the one of this id."""
    known = select(children.c.child_id).where(
        func.lower(children.c.name) == name.lower(),
        children.c.school_id == school_id,
        children.c.status != "exited",
        children.c.child_id != but,
    )
    asked = select(requests.c.child_id).where(
        func.lower(requests.c.child_name) == name.lower(),
        requests.c.school_id == school_id,
        requests.c.status.in_(OPEN),
        requests.c.child_id != but,
    )
    return list((await db.execute(union(known, asked))).scalars())


async def mentors_at(db: AsyncConnection, email: str) -> list[UUID]:
    """Mentors who read e-mail there and have not left."""
    wanted = select(mentors.c.mentor_id).where(
        func.lower(mentors.c.email) == email.lower(), mentors.c.employment != "left"
    )
    return list((await db.execute(wanted)).scalars())
