"""The tables of plans of matches."""

from sqlalchemy import ARRAY, Column, Date, DateTime, Index, Integer, SmallInteger, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

match_plans = Table(
    "match_plans",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("planned_for", Date, nullable=False),
    Column("local_authority", Text),
    Column("least", SmallInteger, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("unmatched", Integer, nullable=False),
    Column("proposed_at", DateTime(timezone=True), nullable=False),
    Index("match_plans_by_time", "proposed_at", "plan_id"),
)

# One row for each child of a plan; without a mentor when nobody fits, and `reason` says why.
matches = Table(
    "matches",
    metadata,
    Column("plan_id", Uuid, primary_key=True),
    Column("child_id", Uuid, primary_key=True),
    Column("mentor_id", Uuid),
    Column("assignment_id", Uuid),
    Column("points", ARRAY(SmallInteger)),
    Column("total", SmallInteger),
    Column("better", Integer),
    Column("reason", Text),
    Column("set_aside", Text),
)
