"""Which alerts fired about a mentor before a day, who acknowledged them, and how long until something was done."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Uuid, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.read_model.tables import actions, deliveries, notifications, recipients

Place: TypeAlias = tuple[datetime, UUID]
ALERTS = (
    "training_window_open", "training_due", "training_overdue",
    "certification_expiring", "certification_overdue", "certification_expired", "certification_revoked",
    "clearance_expiring", "clearance_lapsed", "clearance_withdrawn", "deployability_lost",
)  # fmt: skip
SETTLED = frozenset(("CertificationGranted", "ClearanceRecorded"))
"""What makes up for a lapse; anything else is a step towards it."""


async def alerts(
    db: AsyncConnection,
    mentor_id: UUID,
    *,
    item: str | None,
    before: datetime | None,
    after: Place | None,
    limit: int,
) -> list[dict[str, Any]]:
    """One for each fact that people were told of, the latest first."""
    fired = await _fired(db, mentor_id, item, before, after, limit)
    told = await _told(db, [alert["cause"] for alert in fired])
    done = await _done(db, mentor_id)
    return [_alert(alert, told[alert["cause"]], done) for alert in fired]


async def _fired(
    db: AsyncConnection,
    mentor_id: UUID,
    item: str | None,
    before: datetime | None,
    after: Place | None,
    limit: int,
) -> Sequence[Mapping[str, Any]]:
    conditions: list[ColumnElement[bool]] = [
        notifications.c.mentor_id == mentor_id,
        notifications.c.type.in_(ALERTS),
        notifications.c.escalated_from.is_(None),
    ]
    if item is not None:
        values = notifications.c.parameters
        lacking = func.string_to_array(func.replace(values["shortfalls"].astext, ";", ""), " ")
        conditions.append(
            or_(
                values["track"].astext == item,
                values["clearance"].astext == item,
                literal(item) == func.any(lacking),
            )
        )
    if before is not None:
        conditions.append(notifications.c.requested_at < before)
    place = (notifications.c.requested_at, notifications.c.cause)
    if after is not None:
        conditions.append(
            tuple_(*place) < tuple_(literal(after[0], DateTime(timezone=True)), literal(after[1], Uuid()))
        )
    asked = (
        select(*place, notifications.c.type, notifications.c.thread, notifications.c.parameters)
        .where(*conditions)
        .distinct()
        .order_by(*(each.desc() for each in place))
        .limit(limit)
    )
    return [dict(row) for row in (await db.execute(asked)).mappings()]


async def _told(db: AsyncConnection, causes: Sequence[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
    """Who was told because of each, also those to whom it was passed on."""
    sent = (
        select(func.json_object_agg(deliveries.c.channel, deliveries.c.status))
        .where(deliveries.c.notification_id == notifications.c.notification_id)
        .scalar_subquery()
    )
    columns = (
        notifications.c.notification_id, notifications.c.recipient_id, recipients.c.role,
        notifications.c.requested_at, notifications.c.read_at, notifications.c.acknowledged_at,
        notifications.c.escalated_at, notifications.c.suppressed, sent.label("channels"),
    )  # fmt: skip
    joined = notifications.join(
        recipients, recipients.c.recipient_id == notifications.c.recipient_id, isouter=True
    )
    asked = (
        select(notifications.c.cause, *columns).select_from(joined).where(notifications.c.cause.in_(causes))
    )
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    by_id: dict[UUID, UUID] = {}
    for row in (await db.execute(asked.order_by(recipients.c.role))).mappings():
        found[row["cause"]].append({name: row[name] for name in row if name != "cause"})
        by_id[row["notification_id"]] = row["cause"]
    passed_on = (
        select(notifications.c.escalated_from, *columns)
        .select_from(joined)
        .where(notifications.c.escalated_from.in_(by_id))
    )
    for row in (await db.execute(passed_on)).mappings():
        told = {name: row[name] for name in row if name != "escalated_from"}
        found[by_id[row["escalated_from"]]].append({**told, "escalated_from": row["escalated_from"]})
    return found


async def _done(db: AsyncConnection, mentor_id: UUID) -> Sequence[Mapping[str, Any]]:
    asked = select(actions.c.item, actions.c.what, actions.c.at).where(actions.c.mentor_id == mentor_id)
    return [dict(row) for row in (await db.execute(asked.order_by(actions.c.at))).mappings()]


def _alert(
    fired: Mapping[str, Any], told: Sequence[dict[str, Any]], done: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    at: datetime = fired["requested_at"]
    items = _items(fired["parameters"])
    after = [action for action in done if action["item"] in items and action["at"] >= at]
    seen = min(
        (one for one in told if one["acknowledged_at"]), key=lambda one: one["acknowledged_at"], default=None
    )
    return {
        "cause": fired["cause"],
        "type": fired["type"],
        "items": sorted(items),
        "parameters": fired["parameters"],
        "fired_at": at,
        "told": told,
        "acknowledged": seen
        and _since(at, seen["acknowledged_at"], by=seen["recipient_id"], role=seen["role"]),
        "first_action": _first(at, after),
        "settled": _first(at, [action for action in after if action["what"] in SETTLED]),
    }


def _items(parameters: Mapping[str, str]) -> frozenset[str]:
    """The tracks and clearances that it was about."""
    lacking = [part.split(" ")[0] for part in parameters.get("shortfalls", "").split("; ")]
    return frozenset({parameters.get("track", ""), parameters.get("clearance", ""), *lacking} - {""})


def _first(at: datetime, done: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    return _since(at, done[0]["at"], what=done[0]["what"], item=done[0]["item"]) if done else None


def _since(begin: datetime, at: datetime, **more: Any) -> dict[str, Any]:
    return {"at": at, "after_seconds": int((at - begin).total_seconds()), **more}
