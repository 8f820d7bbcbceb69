"""The tables of pay periods, of what each session comes to, and of what a child was given."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.sessions.read_model.tables.metadata import metadata

session_accounts = Table(
    "session_accounts",
    metadata,
    # Positions say which pay period counts it in: a time alone would leave open what came at the same moment.
    Column("session_id", Uuid, primary_key=True),
    Column("timetable_id", Uuid),
    Column("cover", Boolean),
    Column("assignment_id", Uuid),
    Column("mentor_id", Uuid),
    Column("child_id", Uuid),
    Column("school_id", Uuid),
    Column("time_zone", Text),
    Column("day", Date),
    Column("starts_at", DateTime(timezone=True)),
    Column("ends_at", DateTime(timezone=True)),
    Column("state", Text),
    Column("by_hand", Boolean),
    Column("cancelled_by", Text),
    Column("cancel_reason", Text),
    Column("chargeable", Boolean),
    Column("cancelled_minutes", Integer),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("cancelled_position", BigInteger),
    Column("contact_minutes", Integer),
    Column("approved_position", BigInteger),
    Column("period_id", Uuid),
    Column("locked_at", DateTime(timezone=True)),
    Column("void_reason", Text),
    Column("voided_at", DateTime(timezone=True)),
    Column("voided_position", BigInteger),
    Index("accounts_of_timetable", "timetable_id", "day"),
    Index("accounts_of_day", "day", "state"),
    Index("accounts_of_mentor", "mentor_id", "day"),
    Index("accounts_of_child", "child_id", "day"),
    Index("accounts_cancelled", "cancelled_position"),
    Index("accounts_voided", "voided_position"),
)

session_approvals = Table(
    "session_approvals",
    metadata,
    # Each approval with its minutes, and each return, which takes back the approval before it if there was one.
    Column("session_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("returned", Boolean, nullable=False),
    Column("minutes", Integer),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("approvals_in_order", "position"),
)

session_corrections = Table(
    "session_corrections",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("reason_code", Text, nullable=False),
    Column("minutes_before", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("amended_at", DateTime(timezone=True), nullable=False),
    Column("position", BigInteger, nullable=False),
    Index("corrections_in_order", "position"),
)

pay_periods = Table(
    "pay_periods",
    metadata,
    Column("period_id", Uuid, primary_key=True),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("cut_off_at", DateTime(timezone=True), nullable=False),
    Column("opened_at", DateTime(timezone=True)),
    Column("totals", JSONB),
    Column("counted_to", BigInteger),
    Column("unresolved", Integer),
    Column("force_reason", Text),
    Column("closed_at", DateTime(timezone=True)),
    Index("pay_periods_in_order", "ends_on", "period_id"),
)

child_history = Table(
    "child_history",
    metadata,
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("child_id", Uuid, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("fact", Text, nullable=False),
    Column("told", JSONB, nullable=False),
    Index("history_of_child", "child_id", "recorded_at"),
)
