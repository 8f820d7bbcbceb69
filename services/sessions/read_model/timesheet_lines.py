"""The lines of the sessions' accounts, as SQL."""

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, Text, Uuid, column, text

# Of each line `position` is where it was booked, and `pair` that of what undoes it, or of what it undoes.
# A correction is two lines: what counted before, taken back, and what counts instead.
_OF_ACCOUNT = """
    SELECT 'contact' AS kind, m.minutes, 0 AS amendment, NULL AS reason, m.at AS booked_at, m.position,
           (SELECT min(r.position) FROM session_approvals r
             WHERE r.session_id = a.session_id AND r.returned AND r.position > m.position) AS pair
      FROM session_approvals m WHERE m.session_id = a.session_id AND NOT m.returned
    UNION ALL
    SELECT 'reversal', -m.minutes, 0, 'returned', r.at, r.position, m.position
      FROM session_approvals r JOIN LATERAL (
           SELECT * FROM session_approvals m
            WHERE m.session_id = a.session_id AND m.position < r.position
            ORDER BY m.position DESC LIMIT 1) m ON NOT m.returned
     WHERE r.session_id = a.session_id AND r.returned
    UNION ALL
    SELECT 'chargeable_cancellation', a.cancelled_minutes, 0, a.cancel_reason, a.cancelled_at,
           a.cancelled_position, NULL
     WHERE a.chargeable AND a.cancelled_position IS NOT NULL
    UNION ALL
    SELECT 'reversal', -c.minutes_before, c.number, c.reason_code, c.amended_at, c.position, NULL
      FROM session_corrections c WHERE c.session_id = a.session_id AND c.minutes_before > 0
    UNION ALL
    SELECT 'amended_contact', c.minutes, c.number, c.reason_code, c.amended_at, c.position, NULL
      FROM session_corrections c WHERE c.session_id = a.session_id
    UNION ALL
    SELECT 'reversal', -a.contact_minutes, 0, a.void_reason, a.voided_at, a.voided_position, NULL
     WHERE a.voided_position IS NOT NULL AND (
           EXISTS (SELECT FROM session_corrections c WHERE c.session_id = a.session_id)
        OR (SELECT NOT m.returned FROM session_approvals m WHERE m.session_id = a.session_id
             ORDER BY m.position DESC LIMIT 1))
"""

lines = (
    text(
        "SELECT l.*, a.session_id, a.day, a.mentor_id, a.child_id, a.school_id, a.assignment_id, a.cover, "
        f"a.locked_at FROM session_accounts a CROSS JOIN LATERAL ({_OF_ACCOUNT}) l"
    )
    .columns(
        column("kind", Text),
        column("minutes", Integer),
        column("amendment", Integer),
        column("reason", Text),
        column("booked_at", DateTime(timezone=True)),
        column("position", BigInteger),
        column("pair", BigInteger),
        column("session_id", Uuid),
        column("day", Date),
        column("mentor_id", Uuid),
        column("child_id", Uuid),
        column("school_id", Uuid),
        column("assignment_id", Uuid),
        column("cover", Boolean),
        column("locked_at", DateTime(timezone=True)),
    )
    .subquery("lines")
)

booked_after = text("""
    SELECT session_id FROM session_approvals WHERE position > :place
    UNION SELECT session_id FROM session_corrections WHERE position > :place
    UNION SELECT session_id FROM session_accounts WHERE cancelled_position > :place
    UNION SELECT session_id FROM session_accounts WHERE voided_position > :place
""")
"""The sessions with a line that was booked after that place: few, beside all there ever were."""
