"""What became of attempts, written down: deliveries, the log, how each endpoint does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import orjson
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from services.notifications.webhooks.answer import Answer
from services.notifications.webhooks.domain.health import Health
from services.notifications.webhooks.domain.schedule import DISABLED_AFTER, WARNED_AFTER
from services.notifications.webhooks.picking import Delivery

WARNING, DISABLING = "webhook_warning", "webhook_disabling"
_DELIVERER = "webhooks (delivering)"
"""Whose rows of `due` these are: no projection's, so that no rebuild takes them away."""


State: TypeAlias = Literal["waiting", "taken", "failed", "dropped"]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an attempt. Without an `answer` it was not sent: `error` says why."""

    delivery: Delivery
    endpoint_id: UUID
    state: State
    at: datetime
    answer: Answer | None = None
    next_at: datetime | None = None
    error: str | None = None


# As one document: an array for each column costs more to write than all the rest.
_LOGGED = """
INSERT INTO webhook_attempts (delivery_id, attempt, at, took_ms, sent, status, answered, body, error, next_at)
SELECT * FROM jsonb_to_recordset(convert_from(%s, 'UTF8')::jsonb)
    AS u(delivery_id bigint, attempt int, at timestamptz, took_ms int,
    sent jsonb, status int, answered jsonb, body text, error text, next_at timestamptz) ON CONFLICT DO NOTHING
"""


async def record(
    connection: AsyncConnection[Any], done: Sequence[Done], healths: Mapping[UUID, Health]
) -> None:
    """In one transaction: each delivery as it stands, each attempt in the log, how the endpoints do."""
    async with connection.pipeline(), connection.transaction():
        await connection.execute(
            "UPDATE webhook_deliveries d SET state = u.state, attempt = u.attempt, "
            "tries = d.tries + u.tried, due_at = coalesce(u.due_at, d.due_at), status = u.status, "
            "error = u.error, ended_at = u.ended_at FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], "
            "%s::timestamptz[], %s::int[], %s::text[], %s::timestamptz[]) "
            "AS u(delivery_id, state, attempt, tried, due_at, status, error, ended_at) "
            "WHERE d.delivery_id = u.delivery_id",
            (
                [one.delivery.delivery_id for one in done],
                [one.state for one in done],
                [one.delivery.attempt + (one.answer is not None) for one in done],
                [int(one.answer is not None) for one in done],
                [one.next_at for one in done],
                [one.answer.status if one.answer else None for one in done],
                [one.answer.error if one.answer else one.error for one in done],
                [None if one.state == "waiting" else one.at for one in done],
            ),
            prepare=True,
        )
        tried = [(one, one.answer) for one in done if one.answer is not None]
        if tried:
            await connection.execute(
                _LOGGED, (orjson.dumps([_attempt(*one) for one in tried]),), prepare=True
            )
        for endpoint_id, health in healths.items():
            await _note(connection, endpoint_id, health)


def _attempt(done: Done, answer: Answer) -> dict[str, Any]:
    return {
        "delivery_id": done.delivery.delivery_id,
        "attempt": done.delivery.attempt + 1,
        "at": done.at,
        "took_ms": answer.took_ms,
        "sent": answer.sent,
        "status": answer.status,
        "answered": answer.headers,
        "body": answer.body,
        "error": answer.error,
        "next_at": done.next_at,
    }


async def _note(connection: AsyncConnection[Any], endpoint_id: UUID, health: Health) -> None:
    """How an endpoint does; with the first failure it falls due to warn of it, and to disable it."""
    await connection.execute(
        "INSERT INTO webhook_health (endpoint_id, failures, failing_since, probe_at, taken_at, failed_at) "
        "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (endpoint_id) DO UPDATE SET failures = excluded.failures, "
        "failing_since = excluded.failing_since, probe_at = excluded.probe_at, taken_at = excluded.taken_at, "
        "failed_at = excluded.failed_at",
        (
            endpoint_id,
            health.failures,
            health.failing_since,
            health.probe_at,
            health.taken_at,
            health.failed_at,
        ),
        prepare=True,
    )
    key = str(endpoint_id)
    if health.failing_since is None:
        await connection.execute(
            "DELETE FROM due WHERE kind = ANY (%s) AND key = %s", ([WARNING, DISABLING], key), prepare=True
        )
        return
    since = health.failing_since
    until = since + DISABLED_AFTER
    payload = Jsonb({"since": since.isoformat(), "disabled_from": until.isoformat()})
    for kind, at in ((WARNING, since + WARNED_AFTER), (DISABLING, until)):
        await connection.execute(
            "INSERT INTO due (kind, key, due_at, payload, projection) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload "
            "WHERE due.due_at <> excluded.due_at",
            (kind, key, at, payload, _DELIVERER),
            prepare=True,
        )


async def at_once(connection: AsyncConnection[Any], endpoint_id: UUID) -> None:
    """Somebody is there again: what was to be tried later goes out now."""
    await connection.execute(
        "UPDATE webhook_deliveries SET due_at = 'epoch' "
        "WHERE endpoint_id = %s AND state = 'waiting' AND due_at > 'epoch'",
        (endpoint_id,),
        prepare=True,
    )
