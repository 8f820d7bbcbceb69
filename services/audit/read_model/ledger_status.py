"""How the ledger is, from its own tables: what is sequenced, published and checked, and what was found."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.ledger import reading
from services.audit.read_model.ledger_tables import entries, findings, progress
from services.audit.read_model.tables import facts

Place: TypeAlias = tuple[datetime, str, str, int, str]
"""Where a page of findings ended: when it was found, its name, source, position and detail."""

NEVER = {"checked": 0, "refused": None, "unpublished_since": None, "why": None}


async def status(db: AsyncConnection, sources: Iterable[str]) -> dict[str, Any]:
    """All of one moment."""
    await db.execution_options(isolation_level="REPEATABLE READ")
    signed, size = await reading.newest(db), await reading.size(db)
    row = (await db.execute(select(progress))).mappings().one_or_none() or NEVER
    return {
        "size": size,
        "published": {"size": signed.size, "root": signed.root, "witnessed_at": signed.witnessed_at}
        if signed
        else None,
        "unpublished_since": row["unpublished_since"],
        "unpublished_because": row["why"],
        "refused": row["refused"],
        "signatures_checked": row["checked"],
        "sources": [await _source(db, source) for source in sorted(sources)],
        "findings": await counts(db),
    }


async def _source(db: AsyncConnection, source: str) -> dict[str, Any]:
    ends = {}
    for name, table in (("sequenced", entries), ("recorded", facts)):
        asked = select(func.coalesce(func.max(table.c.position), 0)).where(table.c.source == source)
        ends[name] = int((await db.execute(asked)).scalar_one())
    return {"source": source, **ends}


async def counts(db: AsyncConnection) -> dict[str, int]:
    """How many findings of each kind."""
    asked = select(findings.c.finding, func.count()).group_by(findings.c.finding).order_by(findings.c.finding)
    return {row[0]: row[1] for row in await db.execute(asked)}


async def found(
    db: AsyncConnection, finding: str | None, after: Place | None, limit: int
) -> Sequence[dict[str, Any]]:
    """Findings, the newest first."""
    kept = findings.c
    place = (kept.found_at, kept.finding, kept.source, kept.position, kept.detail)
    asked = select(findings).order_by(*(column.desc() for column in place))
    if finding is not None:
        asked = asked.where(findings.c.finding == finding)
    if after is not None:
        asked = asked.where(tuple_(*place) < tuple_(*map(literal, after)))
    return [dict(row) for row in (await db.execute(asked.limit(limit))).mappings()]
