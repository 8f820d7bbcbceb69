"""The tables of children: where each stands, what was specified for them, reviews, profiles and absences."""

from sqlalchemy import ARRAY, BigInteger, Column, Date, DateTime, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.assignments.read_model.tables.metadata import metadata

# `since` is when the status began; `region` owns the child.
children = Table(
    "children",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("request_id", Uuid),
    Column("school_id", Uuid, nullable=False),
    Column("name", Text, nullable=False, info={"personal": "child_id", "keep": "profile"}),
    Column("birth_date", Date, info={"personal": "child_id", "keep": "profile"}),
    Column("status", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("reason", Text),
    Column("accepted_on", Date),
    Column("next_review_on", Date),
    Column("region", Text, nullable=False),
    Index("children_by_name", "name", "child_id"),
    Index("children_of_school", "school_id", "name", "child_id"),
    Index("children_by_review", "next_review_on", "child_id"),
)

provisions = Table(
    "provisions",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("effective_from", Date, primary_key=True),
    Column("minutes_per_week", Integer, nullable=False),
    Column("areas", ARRAY(Text), nullable=False),
    Column("outcomes", JSONB, info={"personal": "child_id", "keep": "casework"}),
    Column("next_review_on", Date),
    Column("specified_at", DateTime(timezone=True), nullable=False),
)

# `number` is the fact's place in the child's history, so that two on one day stand beside each other.
reviews = Table(
    "child_reviews",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("reviewed_on", Date, nullable=False),
    Column("decision", Text, nullable=False),
    Column("summary", Text, nullable=False, info={"personal": "child_id", "keep": "casework"}),
    Column("next_review_on", Date),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

child_profiles = Table(
    "child_profiles",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("needs", ARRAY(Text), info={"personal": "child_id", "keep": "casework"}),
    Column("curriculum_level", Text, info={"personal": "child_id", "keep": "casework"}),
    Column("languages", ARRAY(Text), info={"personal": "child_id", "keep": "casework"}),
    Column("updated_on", Date, nullable=False),
)

child_absences = Table(
    "child_absences",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("school_id", Uuid, nullable=False),
    Column("absent_from", Date, nullable=False),
    Column("absent_until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
    Index("child_absences_by_day", "absent_from", "child_id", "number"),
)
