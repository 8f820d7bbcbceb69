"""Replays of a region: what was asked, how far each has come, and what came of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.known import Extent
from services.audit.replay.answer import canonical, known
from services.audit.replay.region import FOLD, SOURCES

_REPLAYS = UUID("0f0a4f0e-6a3b-5e0b-8a52-5b7a1c9f1d64")
WAITS_SECONDS = 30
"""How long a process may take to begin."""

_VIEW = """
    SELECT id, known_at, "on", verified, up_to, ledger, fold, source, position, folded, total, facts_per_second,
           error, asked_by, made_at, updated_at, result_sha256, state AS told,
           now() - updated_at > make_interval(secs => :waits) AS stale,
           EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                   WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()
                     AND ((l.classid::bigint << 32) | l.objid::bigint)
                         = hashtextextended('alongside:replay:' || id::text, 0)) AS held
    FROM replays
"""


async def begin(db: AsyncConnection, on: date, found: Extent, asked_by: str) -> UUID:
    """Write a replay down; the same question about the same facts is the same replay."""
    about = known(found.known.at, found.verified, FOLD)
    up_to = {source: found.positions.get(source, 0) for source in SOURCES}
    ledger = found.tree.told() if found.tree else None
    replay_id = uuid5(_REPLAYS, canonical({**about, "on": on.isoformat(), "up_to": found.positions}).decode())
    await db.execute(
        text(
            'INSERT INTO replays (id, known_at, "on", verified, up_to, ledger, fold, total, asked_by) '
            "VALUES (:id, :known_at, :on, :verified, CAST(:up_to AS jsonb), CAST(:ledger AS jsonb), :fold, "
            ":total, :asked_by) ON CONFLICT (id) DO NOTHING"
        ),
        {
            "id": replay_id,
            "known_at": found.known.at,
            "on": on,
            "verified": found.verified,
            "up_to": orjson.dumps(found.positions).decode(),
            "ledger": orjson.dumps(ledger).decode() if ledger else None,
            "fold": FOLD,
            "total": sum(up_to.values()),
            "asked_by": asked_by,
        },
    )
    await db.commit()
    return replay_id


async def find(db: AsyncConnection, replay_id: UUID) -> dict[str, Any] | None:
    """How it is; None when there is none of this id."""
    rows = await db.execute(text(f"{_VIEW} WHERE id = :id"), {"id": replay_id, "waits": WAITS_SECONDS})
    row = rows.mappings().one_or_none()
    return _view(dict(row)) if row else None


async def latest(
    db: AsyncConnection, after: tuple[datetime, UUID] | None, limit: int
) -> list[dict[str, Any]]:
    """The newest first; those that were asked for before `after`."""
    before = "(made_at, id) < (:made_at, :last)" if after else "true"
    asked = text(f"{_VIEW} WHERE {before} ORDER BY made_at DESC, id DESC LIMIT :limit")
    place = {"made_at": after[0], "last": after[1]} if after else {}
    rows = await db.execute(asked, {"limit": limit, "waits": WAITS_SECONDS, **place})
    return [_view(dict(row)) for row in rows.mappings()]


async def result(db: AsyncConnection, replay_id: UUID) -> bytes | None:
    """The answer's bytes; None while there is none."""
    rows = await db.execute(text("SELECT result FROM replays WHERE id = :id"), {"id": replay_id})
    found = rows.scalar_one_or_none()
    return bytes(found) if found is not None else None


async def set_state(db: AsyncConnection, replay_id: UUID, state: str) -> None:
    """Ask for it to be cancelled, or to be taken up; one that is done stays done."""
    await db.execute(
        text(
            "UPDATE replays SET state = :state, error = '', updated_at = now() WHERE id = :id AND state <> 'done'"
        ),
        {"id": replay_id, "state": state},
    )
    await db.commit()


def _view(row: dict[str, Any]) -> dict[str, Any]:
    told, held, stale = row.pop("told"), row.pop("held"), row.pop("stale")
    folding = told in ("waiting", "folding")
    interrupted = folding and not held and (told == "folding" or stale)
    left, pace = row["total"] - row["folded"], row["facts_per_second"]
    percent = 100.0 if left <= 0 else round(100 * row["folded"] / row["total"], 1)
    return {
        **row,
        "state": "interrupted" if interrupted else told,
        "percent": percent,
        "seconds_left": round(left / pace, 1) if pace and folding and held else None,
    }
