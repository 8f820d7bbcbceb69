"""The state of a child, of a mentor, of a region: looked up in the ledger and folded at once."""

from datetime import date
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from services.audit.read_model.evidence import Evidence
from services.audit.replay import child, mentor, region
from services.audit.replay.folding import Folding, finish, fold, stretches
from services.audit.replay.region import SOURCES

STRETCH = 2_000
"""Positions folded at a time: others are answered in between."""


class NothingKnown(LookupError):
    """The ledger had nothing about them by then."""


class TooMuch(Exception):
    """More facts than are folded while somebody waits."""


async def of_child(asked: Evidence, child_id: UUID, on: date) -> dict[str, Any]:
    """The child's state on a day. Raises NothingKnown."""
    facts = await asked.of_child(child_id)
    if not facts and not asked.unread:
        raise NothingKnown
    return child.state(child.fold(child_id, facts), on)


async def of_mentor(asked: Evidence, mentor_id: UUID, on: date) -> dict[str, Any]:
    """The mentor's state on a day. Raises NothingKnown."""
    facts = await asked.about("mentor", [mentor_id], mentor.TYPES)
    if not facts and not asked.unread:
        raise NothingKnown
    return mentor.state(mentor_id, facts, on)


async def of_region(asked: Evidence, on: date) -> dict[str, Any]:
    """The whole region on a day. Raises TooMuch."""
    up_to = asked.up_to or {}
    if sum(up_to.get(source, 0) for source in SOURCES) > asked.most:
        raise TooMuch
    connection = (await asked.db.get_raw_connection()).driver_connection
    assert isinstance(connection, AsyncConnection)
    folding = Folding.begun(on)
    for stretch in stretches(up_to, ("", 0), STRETCH):
        await fold(connection, folding, stretch, asked.known_at)
    await finish(connection, folding, up_to, asked.known_at)
    asked.used.update(folding.used)
    asked.unread_types.update(folding.unread)
    return region.state(folding.region, on)
