"""Certification periods, each in its state on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, cast, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.read_model.tables import evidence
from shared.contracts.eligibility import TRACKS


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the last day and the id of its last period."""

    ends: date
    certification_id: str

    @classmethod
    def read(cls, ends: str, certification_id: str) -> "Place":
        """From a cursor. ValueError when it is none."""
        return cls(date.fromisoformat(ends), str(UUID(certification_id)))


def state_on(on: date) -> ColumnElement[str]:
    """Future > certified > window_open > renewed | overdue > expired; revoked; temporary."""
    renewal = evidence.alias()
    renewed = exists().where(
        renewal.c.mentor_id == evidence.c.mentor_id,
        renewal.c.item == evidence.c.item,
        cast(renewal.c.renews, String) == evidence.c.proof,
        renewal.c.withdrawn_on.is_(None),
        renewal.c.granted_on <= on,
    )
    return case(
        (evidence.c.withdrawn_on <= on, "revoked"),
        (evidence.c.valid_from > on, "future"),
        (renewed, "renewed"),
        (evidence.c.valid_until < on, "expired"),
        (evidence.c.kind == "temporary", "temporary"),
        (evidence.c.renew_by < on, "overdue"),
        (evidence.c.window_opens_on <= on, "window_open"),
        else_="certified",
    )


def _plainly(state: str, on: date) -> list[ColumnElement[bool]]:
    """What has to be so of a period in that state, told by its own columns: it leaves few to look at closely."""
    held = [
        evidence.c.valid_from <= on,
        evidence.c.ends >= on,
        or_(evidence.c.withdrawn_on.is_(None), evidence.c.withdrawn_on > on),
    ]
    match state:
        case "revoked":
            return [evidence.c.withdrawn_on <= on]
        case "future":
            return [evidence.c.valid_from > on]
        case "expired":
            return [evidence.c.ends < on]
        case "temporary":
            return [*held, evidence.c.kind == "temporary"]
        case "overdue":
            return [*held, evidence.c.renew_by < on]
        case "window_open":
            return [*held, evidence.c.window_opens_on <= on]
        case "certified":
            return [*held, or_(evidence.c.window_opens_on.is_(None), evidence.c.window_opens_on > on)]
        case _:
            return []


async def certifications(
    db: AsyncConnection,
    *,
    on: date,
    mentor_id: UUID | None,
    track: str | None,
    state: str | None,
    ending_until: date | None,
    after: Place | None,
    limit: int,
) -> Sequence[dict[str, Any]]:
    """Those granted by that day, the first to end first."""
    ends = evidence.c.ends
    stands = state_on(on)
    asked = (
        select(
            evidence.c.proof.label("certification_id"),
            evidence.c.item.label("track"),
            ends,
            stands.label("state"),
            *(
                evidence.c[name]
                for name in (
                    "mentor_id",
                    "kind",
                    "granted_on",
                    "valid_from",
                    "valid_until",
                    "window_opens_on",
                    "renew_by",
                    "withdrawn_on",
                )
            ),
        )
        .where(evidence.c.item.in_([track] if track else TRACKS), evidence.c.granted_on <= on)
        .order_by(ends, evidence.c.proof)
        .limit(limit)
    )
    if mentor_id is not None:
        asked = asked.where(evidence.c.mentor_id == mentor_id)
    if state is not None:
        asked = asked.where(*_plainly(state, on), stands == state)
    if ending_until is not None:
        asked = asked.where(evidence.c.valid_until <= ending_until)
    if after is not None:
        asked = asked.where(tuple_(ends, evidence.c.proof) > tuple_(after.ends, after.certification_id))
    rows = [dict(row) for row in (await db.execute(asked)).mappings()]
    return [{**row, "days_left": _days_left(row["valid_until"], on)} for row in rows]


def _days_left(until: date | None, on: date) -> int | None:
    return None if until is None else max(0, (until - on).days)
