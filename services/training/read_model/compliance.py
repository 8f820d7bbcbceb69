"""How a mentor stood on a day, as known at a moment; and who stands how."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.domain.standing import Compliance, Status, evidence, status
from services.training.read_model.known import day_of, decided_state, known
from services.training.read_model.tables import mentors
from shared.contracts.eligibility import NAMES, REQUIRED, Evidence, Shortfall, shortfalls
from shared.contracts.training.standing import MentorStoodDown

state_now: ColumnElement[str] = case(
    (mentors.c.suspended_on.is_not(None), "suspended"), else_=mentors.c.state
)
"""How a mentor stands, as last decided."""


async def how_stands(
    db: AsyncConnection, mentor_id: UUID, on: date, known_at: datetime | None = None
) -> dict[str, Any] | None:
    """Each required item on that day: its state, its proofs with their dates; and what falls short.

    `state`, `since` and `reasons` are what training had decided by then; `stands` and `shortfalls` are what the
    evidence itself says of that day. None when the mentor was never heard of.
    """
    found = await known(db, mentor_id, known_at)
    if found is None:
        return None
    shown = evidence(found.state)
    lacking = shortfalls(shown, on)
    decided = found.decided(on)
    suspended_on = found.suspended_on(on)
    said = decided.fact.reasons if decided and isinstance(decided.fact, MentorStoodDown) else ()
    return {
        **{name: found.mentor[name] for name in ("mentor_id", "name", "region", "engaged_on", "left_on")},
        "on": on,
        "known_at": known_at,
        "state": "suspended" if suspended_on else decided_state(decided.fact if decided else None),
        "since": suspended_on or (day_of(decided.fact) if decided else None),
        "stands": status(shown, on, ever_cleared=found.ever_cleared(on)),
        "reasons": [told(reason) for reason in said],
        "deployable": not lacking,
        "items": [
            item_view(found.state, item, on, {lack.item: lack for lack in lacking}) for item in REQUIRED
        ],
        "shortfalls": [told(lack) for lack in lacking],
        "suspensions": [
            {"suspended_on": start, "last_day": end} for start, end in found.state.suspensions.items()
        ],
    }


def told(lack: Shortfall) -> dict[str, Any]:
    """A shortfall with its reason in words."""
    return {"item": lack.item, "status": lack.status, "since": lack.since, "detail": str(lack)}


def item_view(state: Compliance, item: Any, on: date, lacking: dict[Any, Shortfall]) -> dict[str, Any]:
    """One required item on that day, with everything that was ever shown for it."""
    last = last_day(evidence(state), item, on)
    lack = lacking.get(item)
    return {
        "item": item,
        "name": NAMES[item],
        "state": lack.status if lack else "valid",
        "since": lack.since if lack else None,
        "valid_until": last,
        "days_left": (last - on).days if last else None,
        "proofs": proofs(state, item),
    }


def proofs(state: Compliance, item: str) -> list[dict[str, Any]]:
    """The periods or documents of an item, the earliest first."""
    periods = [
        {
            "item": item,
            "proof": str(granted.certification_id),
            "kind": granted.kind,
            "valid_from": granted.valid_from,
            "valid_until": granted.valid_until,
            "withdrawn_on": gone.revoked_on if gone else None,
            "withdrawn_because": gone.reason if gone else None,
            "last_status_check_on": None,
            "enrolment_id": granted.enrolment_id,
            "window_opens_on": granted.window_opens_on,
            "renew_by": granted.renew_by,
            "seen_by": None,
            "reason": granted.reason,
        }
        for granted in state.granted.values()
        for gone in [state.revoked.get(granted.certification_id)]
        if granted.track == item
    ]
    documents = [
        {
            "item": item,
            "proof": seen.issued_on.isoformat(),
            "kind": seen.seen_as,
            "valid_from": seen.issued_on,
            "valid_until": seen.recheck_due_on,
            "withdrawn_on": gone.withdrawn_on if gone else None,
            "withdrawn_because": gone.reason if gone else None,
            "last_status_check_on": seen.last_status_check_on,
            "enrolment_id": None,
            "window_opens_on": None,
            "renew_by": None,
            "seen_by": seen.seen_by,
            "reason": None,
        }
        for document, seen in state.clearances.items()
        for gone in [state.withdrawn.get(document)]
        if seen.kind == item
    ]
    return sorted([*periods, *documents], key=lambda proof: (proof["valid_from"], proof["proof"]))


def last_day(shown: Sequence[Evidence], item: str, on: date) -> date | None:
    """The last day of what counts on that day; None when nothing does, or it is for good."""
    ends = [proof.valid_until or date.max for proof in shown if proof.item == item and proof.counts(on)]
    last = max(ends, default=date.max)
    return None if last == date.max else last


async def who_stands(
    db: AsyncConnection, *, state: Status | None, region: str | None, after: UUID | None, limit: int
) -> Sequence[dict[str, Any]]:
    """Mentors by id, with how they stand as training last decided."""
    columns = [column for column in mentors.c if column.name != "state"]
    asked = select(*columns, state_now.label("state")).order_by(mentors.c.mentor_id).limit(limit)
    if state is not None:
        asked = asked.where(state_now == state)
    if region is not None:
        asked = asked.where(mentors.c.region == region)
    if after is not None:
        asked = asked.where(mentors.c.mentor_id > after)
    return [dict(row) for row in (await db.execute(asked)).mappings()]
