"""The sessions of one recipient's calendar, found by the secret in its address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.tables import children, mentors, metadata, recipients

BEFORE, AHEAD = timedelta(days=14), timedelta(days=400)
"""How far back and ahead a calendar reaches: past ones stay where they were, in the reader's own calendar."""
MOST = 3000

calendar = Table(
    "calendar",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid),
    Column("child_id", Uuid),
    Column("school_id", Uuid),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("time_zone", Text, nullable=False, server_default="Europe/London"),
    Column("cover", Boolean, nullable=False, server_default="false"),
    Column("cancelled", Boolean, nullable=False, server_default="false"),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("changed_at", DateTime(timezone=True)),
    Index("calendar_of_mentor", "mentor_id", "starts_at"),
    Index("calendar_of_child", "child_id", "starts_at"),
    Index("calendar_of_school", "school_id", "starts_at"),
)

calendar_links = Table(
    "calendar_links",
    metadata,
    Column("recipient_id", Uuid, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Index("calendar_links_by_digest", "digest", unique=True),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar it is."""

    recipient_id: UUID
    role: str
    language: str
    mentor_id: UUID | None
    child_id: UUID | None
    school_id: UUID | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A session as a calendar shows it; the names are full, the calendar shortens them."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    cover: bool
    cancelled: bool
    sequence: int
    changed_at: datetime
    child: str | None
    mentor: str | None


async def reader_of(db: AsyncConnection, digest: str) -> Reader | None:
    """Whose calendar this address is of; None when it never was one, or is none any more."""
    columns = [recipients.c[name] for name in Reader.__slots__]
    asked = (
        select(*columns)
        .join(calendar_links, calendar_links.c.recipient_id == recipients.c.recipient_id)
        .where(calendar_links.c.digest == digest, recipients.c.removed_at.is_(None))
    )
    row = (await db.execute(asked)).one_or_none()
    return Reader(*row) if row else None


async def sessions_of(db: AsyncConnection, reader: Reader, now: datetime) -> Sequence[Entry]:
    """Their sessions from two weeks ago on, by when they start."""
    whose: Any = {
        "mentor": calendar.c.mentor_id == reader.mentor_id,
        "parent": calendar.c.child_id == reader.child_id,
        "school": calendar.c.school_id == reader.school_id,
    }[reader.role]
    asked = (
        select(
            *(calendar.c[name] for name in Entry.__slots__[:-2]),
            children.c.name,
            mentors.c.name,
        )
        .join(children, children.c.child_id == calendar.c.child_id, isouter=True)
        .join(mentors, mentors.c.mentor_id == calendar.c.mentor_id, isouter=True)
        .where(whose, calendar.c.starts_at.between(now - BEFORE, now + AHEAD))
        .order_by(calendar.c.starts_at, calendar.c.session_id)
        .limit(MOST)
    )
    return [Entry(*tuple(row)) for row in (await db.execute(asked)).all()]
