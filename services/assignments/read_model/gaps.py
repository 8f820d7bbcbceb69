"""When a child had no primary mentor with them, why, and who covered; as known at a moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.read_model.coverage import coverage_of
from services.assignments.read_model.school_days import closed_days
from services.assignments.read_model.tables import covers, days_aside, pauses

Kind: TypeAlias = Literal["no_primary", "primary_away", "primary_paused"]


@dataclass(frozen=True, slots=True)
class Covered:
    """A mentor who covered some days of a gap."""

    mentor_id: UUID
    assignment_id: UUID
    cover_id: UUID | None
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Without a primary from a day up to, without, another, for one reason."""

    kind: Kind
    since: date
    until: date
    assignment_id: UUID | None
    mentor_id: UUID | None
    reason: str | None
    covered_by: tuple[Covered, ...]
    uncovered: tuple[date, ...]


Cause: TypeAlias = tuple[Kind, UUID | None, UUID | None, str | None]


async def gaps_of(
    db: AsyncConnection, child_id: UUID, since: date, until: date, known_at: datetime | None = None
) -> list[Gap]:
    """Every gap between two days (the second not included), the first one first; `uncovered` are school days."""
    spans = [dict(row) for row in await coverage_of(db, child_id, None, known_at)]
    primaries = [span for span in spans if span["role"] == "primary"]
    covers_ = [span for span in spans if span["role"] == "cover"]
    away = await _days_away(db, [span["assignment_id"] for span in primaries], known_at)
    breaks = await _pauses(db, [span["assignment_id"] for span in primaries], known_at)
    every = [since + timedelta(days=n) for n in range((until - since).days)]
    closed = await closed_days(db, child_id, every)
    found: list[Gap] = []
    day, run, cause = since, list[date](), None
    while day < until:
        now = _cause(day, primaries, away, breaks)
        if run and now != cause:
            found.append(_gap(cause, run, covers_, closed))
            run = []
        if now is not None:
            run.append(day)
        cause = now
        day += timedelta(days=1)
    if run:
        found.append(_gap(cause, run, covers_, closed))
    return found


def _cause(
    day: date,
    primaries: Iterable[Mapping[str, Any]],
    away: Mapping[tuple[UUID, date], str | None],
    breaks: Iterable[Mapping[str, Any]],
) -> Cause | None:
    """Why no primary was there on a day; None when one was."""
    in_force = [span for span in primaries if _holds(day, span["effective_from"], span["ended_on"])]
    for span in in_force:
        paused = next(
            (
                one
                for one in breaks
                if one["assignment_id"] == span["assignment_id"]
                and _holds(day, one["paused_from"], one["resumed_on"])
            ),
            None,
        )
        if paused is not None:
            return ("primary_paused", span["assignment_id"], span["mentor_id"], paused["reason"])
        if (span["assignment_id"], day) in away:
            reason = away[span["assignment_id"], day]
            return ("primary_away", span["assignment_id"], span["mentor_id"], reason)
    if in_force:
        return None
    before = [span for span in primaries if span["ended_on"] is not None and span["ended_on"] <= day]
    last = max(before, key=lambda span: span["ended_on"], default=None)
    return ("no_primary", None, None, last["reason"] if last else None)


def _gap(
    cause: Cause | None, run: list[date], covers_: Iterable[Mapping[str, Any]], closed: set[date]
) -> Gap:
    assert cause is not None
    kind, assignment_id, mentor_id, reason = cause
    covered = []
    with_somebody: set[date] = set()
    for span in covers_:
        days = tuple(day for day in run if _holds(day, span["effective_from"], span["ended_on"]))
        if days:
            with_somebody.update(days)
            covered.append(Covered(span["mentor_id"], span["assignment_id"], span["cover_id"], days))
    nobody = (day for day in run if day.weekday() < 5 and day not in closed)
    uncovered = tuple(day for day in nobody if day not in with_somebody)
    until = run[-1] + timedelta(days=1)
    return Gap(kind, run[0], until, assignment_id, mentor_id, reason, tuple(covered), uncovered)


def _holds(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or day < until)


async def _days_away(
    db: AsyncConnection, of: list[UUID], known_at: datetime | None
) -> dict[tuple[UUID, date], str | None]:
    """The days that primaries stood aside from, each with why cover was asked for."""
    d = days_aside.c
    wanted = (
        select(days_aside, covers.c.reason)
        .join(covers, covers.c.cover_id == d.cover_id, isouter=True)
        .where(d.assignment_id.in_(of))
    )
    rows = [dict(row) for row in (await db.execute(wanted.order_by(d.aside_recorded_at))).mappings()]
    known = [row for row in rows if known_at is None or row["aside_recorded_at"] <= known_at]
    back: dict[tuple[UUID, date], datetime] = {}
    for row in known:
        came_back = row["back_recorded_at"]
        if came_back is not None and (known_at is None or came_back <= known_at):
            key = row["assignment_id"], row["day"]
            back[key] = max(came_back, back.get(key, came_back))
    found = {}
    for row in known:
        key = row["assignment_id"], row["day"]
        if key not in back or row["aside_recorded_at"] > back[key]:
            found[key] = row["reason"]
    return found


async def _pauses(db: AsyncConnection, of: list[UUID], known_at: datetime | None) -> list[dict[str, Any]]:
    found = []
    for row in (await db.execute(select(pauses).where(pauses.c.assignment_id.in_(of)))).mappings():
        one = dict(row)
        if known_at is not None and one["paused_recorded_at"] > known_at:
            continue
        resumed = one["resumed_recorded_at"]
        if resumed is None or (known_at is not None and resumed > known_at):
            one["resumed_on"] = None
        found.append(one)
    return found
