"""Whole lists for a report: a timeline from its first fact to its last, and everybody who looked at a record."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from services.audit.read_model.evidence import Evidence
from services.audit.read_model.states import NothingKnown, TooMuch
from services.audit.read_model.timelines import Place, timeline_of_child, timeline_of_mentor
from services.audit.read_model.views import who_viewed as viewed
from services.audit.replay.reading import data_of
from shared.kernel.sealing.batches import Keys

AT_ONCE = 1000
MOST_LISTED = 20_000
"""Facts in one report: more is a bundle's work."""

_HEAD = ("source", "position", "type", "stream", "version", "actor", "sha256")


async def timeline(asked: Evidence, kind: str, subject_id: UUID) -> list[dict[str, Any]]:
    """Every fact of the timeline, the earliest first, its data as it is kept. Raises NothingKnown, TooMuch."""
    page = timeline_of_child if kind == "child" else timeline_of_mentor
    found: list[dict[str, Any]] = []
    after: Place | None = None
    while True:
        rows = await page(
            asked.db, subject_id, known_at=asked.known_at, up_to=asked.up_to, after=after, limit=AT_ONCE
        )
        keys = await asked.eyes.keys([row["body"] for row in rows])
        found += [_fact(row, keys) for row in rows]
        if len(found) > MOST_LISTED:
            raise TooMuch
        if len(rows) < AT_ONCE:
            break
        after = (rows[-1]["recorded_at"], rows[-1]["source"], rows[-1]["position"])
    if not found:
        raise NothingKnown
    asked.used.update(one["source"] for one in found)
    return found


async def who_viewed(
    asked: Evidence, kind: str, subject_id: UUID, since: date | None, until: date | None
) -> dict[str, Any]:
    """9. Who viewed the record of the child or the mentor, when, and which part of it."""
    found: list[dict[str, Any]] = []
    after: Place | None = None
    known = asked.known
    while True:
        rows = await viewed(
            asked.db,
            kind,
            subject_id,
            since=_midnight(since),
            until=_midnight(until),
            known_at=asked.known_at,
            after=after,
            limit=AT_ONCE,
        )
        found += [_view(row) for row in rows if known.has(row["source"], row["position"])]
        if len(found) > MOST_LISTED:
            raise TooMuch
        if len(rows) < AT_ONCE:
            break
        after = (rows[-1]["recorded_at"], rows[-1]["source"], rows[-1]["position"])
    asked.used.update(one["service"] for one in found)
    return {"items": found}


def _fact(row: dict[str, Any], keys: Keys) -> dict[str, Any]:
    through = row["through"]
    return {
        **{name: str(row[name]) if name == "stream" else row[name] for name in _HEAD},
        "recorded_at": row["recorded_at"].astimezone(UTC).isoformat(),
        "through": str(through) if through else None,
        "data": data_of(row["body"], keys),
    }


def _view(row: dict[str, Any]) -> dict[str, Any]:
    data = data_of(row["body"])
    shown = {name: data.get(name) for name in ("viewed_at", "viewer", "viewer_role", "record")}
    return {**shown, "service": row["source"], "exact": f"/audit/facts/{row['source']}/{row['position']}"}


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
