"""The training matrix: mentors by items, each cell with its state, its last day and the days left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.domain.standing import Status
from services.training.read_model.compliance import last_day, state_now
from services.training.read_model.enrolments import OPEN
from services.training.read_model.tables import enrolments, evidence, mentors
from shared.contracts.eligibility import CLEARANCES, TRACKS, Evidence, Item, Shortfall, shortfalls

Showing: TypeAlias = Literal["valid", "expiring", "lacking"]
SOON = timedelta(days=90)
"""What ends within the ladder is expiring."""


_SHOWN = [evidence.c[name] for name in ("mentor_id", "item", "valid_from", "valid_until", "withdrawn_on")]
_TAKEN = [enrolments.c[name] for name in ("mentor_id", "track", "state", "overdue", "due_on")]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines and columns are wanted, on which day. Who has left is asked for by `left`."""

    on: date
    region: str | None = None
    state: Status | None = None
    item: Item | None = None
    showing: Showing | None = None
    clearances: bool = True
    left: bool = False

    @property
    def columns(self) -> tuple[Item, ...]:
        if self.item is not None:
            return (self.item,)
        return (*TRACKS, *CLEARANCES) if self.clearances else TRACKS


async def matrix(
    db: AsyncConnection, asked: Asked, *, after: UUID | None, limit: int
) -> Sequence[dict[str, Any]]:
    """The lines of the matrix, by mentor id."""
    found = (await db.execute(_mentors(asked, after, limit))).mappings().all()
    ids = [row["mentor_id"] for row in found]
    shown = await _by_mentor(db, select(*_SHOWN).where(evidence.c.mentor_id.in_(ids)))
    taking = await _by_mentor(
        db, select(*_TAKEN).where(enrolments.c.mentor_id.in_(ids), enrolments.c.state.in_(OPEN))
    )
    return [
        _line(asked, dict(row), shown.get(row["mentor_id"], []), taking.get(row["mentor_id"], []))
        for row in found
    ]


def _mentors(asked: Asked, after: UUID | None, limit: int) -> Select[Any]:
    columns = [mentors.c[name] for name in ("mentor_id", "name", "region", "suspended_on")]
    wanted = select(*columns, state_now.label("state")).order_by(mentors.c.mentor_id).limit(limit)
    if asked.region is not None:
        wanted = wanted.where(mentors.c.region == asked.region)
    if asked.state is not None:
        wanted = wanted.where(state_now == asked.state)
    if not asked.left:
        wanted = wanted.where(or_(mentors.c.left_on.is_(None), mentors.c.left_on > asked.on))
    if asked.showing is not None:
        wanted = wanted.where(_showing(asked, asked.showing))
    if after is not None:
        wanted = wanted.where(mentors.c.mentor_id > after)
    return wanted


def _showing(asked: Asked, showing: Showing) -> ColumnElement[bool]:
    """Mentors of whom every wanted item is valid, or one is expiring, or one is lacking."""
    counting = (
        select(evidence.c.item, func.max(evidence.c.ends).label("last"))
        .where(
            and_(
                evidence.c.mentor_id == mentors.c.mentor_id,
                evidence.c.item.in_(asked.columns),
                evidence.c.valid_from <= asked.on,
                evidence.c.ends >= asked.on,
                or_(evidence.c.withdrawn_on.is_(None), evidence.c.withdrawn_on > asked.on),
            )
        )
        .group_by(evidence.c.item)
        .correlate(mentors)
        .subquery()
    )
    valid = select(func.count()).select_from(counting).scalar_subquery()
    match showing:
        case "valid":
            return valid == len(asked.columns)
        case "lacking":
            return valid < len(asked.columns)
        case "expiring":
            soon = select(func.count()).select_from(counting).where(counting.c.last <= asked.on + SOON)
            return soon.scalar_subquery() > 0


async def _by_mentor(db: AsyncConnection, asked: Select[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in await db.execute(asked):
        found.setdefault(row.mentor_id, []).append(row)
    return found


def _line(asked: Asked, mentor: dict[str, Any], shown: list[Any], taking: list[Any]) -> dict[str, Any]:
    proofs: dict[str, list[Evidence]] = {}
    for row in shown:
        proof = Evidence(row.item, row.valid_from, row.valid_until, row.withdrawn_on)
        proofs.setdefault(row.item, []).append(proof)
    lacking = {
        lack.item: lack for lack in shortfalls((p for found in proofs.values() for p in found), asked.on)
    }
    cells = [_cell(asked, item, proofs.get(item, []), lacking.get(item), taking) for item in asked.columns]
    return {**mentor, "deployable": not lacking, "cells": cells}


def _cell(
    asked: Asked, item: Item, proofs: list[Evidence], lack: Shortfall | None, taking: list[Any]
) -> dict[str, Any]:
    until = last_day(proofs, item, asked.on)
    soon = until is not None and until <= asked.on + SOON
    return {
        "item": item,
        "status": lack.status if lack else "expiring" if soon else "valid",
        "since": lack.since if lack else None,
        "until": until,
        "days_left": (until - asked.on).days if until else None,
        **_training(taking, item),
    }


def _training(taking: Iterable[Any], item: Item) -> dict[str, Any]:
    """The enrolment in that track that is due first, if one is open."""
    first = min((row for row in taking if row.track == item), key=lambda row: row.due_on, default=None)
    if first is None:
        return {"training": None, "due_on": None}
    return {"training": "overdue" if first.overdue else first.state, "due_on": first.due_on}
