"""Which logs were late, or changed after they were handed in: before, after, by whom, why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.sessions.read_model.sessions import Found

ChangePlace: TypeAlias = tuple[datetime, UUID, str, int]

# `overdue` is a log that had not come after 48 hours, as long as none has come.
_CHANGES = text("""
    WITH s AS NOT MATERIALIZED (
        SELECT session_id, mentor_id, child_id, school_id, day, starts_at, ends_at
        FROM sessions WHERE day BETWEEN :since AND :until
    ), told AS (
        SELECT 'late' AS kind, l.session_id, l.submission AS number, l.logged_at AS at, l.logged_by AS by,
            NULL AS reason_code, l.late_reason AS reason,
            NULL::integer AS minutes_before, l.contact_minutes AS minutes_after,
            NULL::jsonb AS activities_before, l.activities AS activities_after,
            NULL AS ratio_before, l.ratio AS ratio_after, l.recorded_at
        FROM s JOIN logs l ON l.session_id = s.session_id WHERE l.late
        UNION ALL
        SELECT 'resubmitted', l.session_id, l.submission, l.logged_at, l.logged_by, NULL, (
                SELECT r.reason FROM returns r
                WHERE r.session_id = l.session_id AND r.returned_at <= l.logged_at
                ORDER BY r.returned_at DESC LIMIT 1),
            b.contact_minutes, l.contact_minutes, b.activities, l.activities, b.ratio, l.ratio, l.recorded_at
        FROM s JOIN logs l ON l.session_id = s.session_id
            JOIN logs b ON b.session_id = l.session_id AND b.submission = l.submission - 1
        WHERE l.submission > 1
        UNION ALL
        SELECT 'amended', a.session_id, a.number, a.amended_at, a.amended_by, a.reason_code, a.reason,
            a.contact_minutes_before, a.contact_minutes, a.activities_before, a.activities,
            a.ratio_before, a.ratio, a.recorded_at
        FROM s JOIN amendments a ON a.session_id = s.session_id
        UNION ALL
        SELECT 'voided', v.session_id, 0, v.voided_at, v.voided_by, v.void_reason_code, v.void_reason,
            v.contact_minutes, NULL, v.activities, NULL, v.ratio, NULL, v.voided_at
        FROM sessions v
        WHERE v.day BETWEEN :since AND :until AND v.voided_at IS NOT NULL AND v.logged_at IS NOT NULL
        UNION ALL
        SELECT 'overdue', o.session_id, o.hours, o.overdue_at, NULL, NULL, NULL,
            NULL, NULL, NULL, NULL, NULL, NULL, o.recorded_at
        FROM s JOIN overdue_logs o ON o.session_id = s.session_id
        WHERE o.hours = 48
            AND NOT EXISTS (SELECT FROM logs l WHERE l.session_id = o.session_id
                AND l.logged_at >= o.wanted_since AND l.recorded_at <= :known_at)
            AND NOT EXISTS (SELECT FROM amendments a WHERE a.session_id = o.session_id
                AND a.recorded_at <= :known_at)
    )
    SELECT told.*, s.mentor_id, s.child_id, s.school_id, s.day, s.starts_at, s.ends_at
    FROM told JOIN s ON s.session_id = told.session_id
    WHERE told.recorded_at <= :known_at
        AND (told.at, told.session_id, told.kind, told.number)
            > (CAST(:at AS timestamptz), CAST(:session_id AS uuid), :kind, :number)
    ORDER BY told.at, told.session_id, told.kind, told.number
    LIMIT :limit
""")

_FIRST: ChangePlace = (datetime.fromisoformat("1800-01-01T00:00:00+00:00"), UUID(int=0), "", 0)


@dataclass(frozen=True, slots=True)
class Span:
    """Sessions of these days at the school, both included, as it was known at that moment."""

    since: date
    until: date
    known_at: datetime


async def late_or_amended(db: AsyncConnection, span: Span, *, after: ChangePlace | None, limit: int) -> Found:
    """Every log that came late or never, and every change of one, in the order in which it came about."""
    at, session_id, kind, number = after or _FIRST
    values = {
        "since": span.since,
        "until": span.until,
        "known_at": span.known_at,
        "at": at,
        "session_id": session_id,
        "kind": kind,
        "number": number,
        "limit": limit,
    }
    return [dict(row) for row in (await db.execute(_CHANGES, values)).mappings()]
