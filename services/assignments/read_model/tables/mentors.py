"""The tables of mentors, of what they can show, and of when they can be with a child."""

from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.assignments.read_model.tables.metadata import metadata

mentors = Table(
    "mentors",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, info={"personal": "mentor_id", "keep": "employment"}),
    Column("email", Text, nullable=False, info={"personal": "mentor_id", "keep": "contact"}),
    Column("engaged_on", Date),
    Column("left_on", Date),
    Column("employment", Text, nullable=False),
    Column("applied_on", Date),
    Column("leave_from", Date),
    Column("expected_back_on", Date),
    Index("mentors_by_name", "name", "mentor_id"),
)

# Several proofs of one item may stand beside each other: `proof` tells them apart.
evidence = Table(
    "evidence",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("proof", Text, primary_key=True),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("withdrawn_on", Date),
)

standings = Table(
    "standings",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("deployable", Boolean, nullable=False),
    Column("since", Date, nullable=False),
)

# `standing` is what training said last, beside a suspension; no row means that vetting is not through.
compliance = Table(
    "compliance",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("standing", Text),
    Column("since", Date),
    Column("reasons", JSONB),
    Column("suspended_on", Date),
)

leaves = Table(
    "mentor_leaves",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("leave_from", Date, primary_key=True),
    Column("expected_back_on", Date),
    Column("kind", Text),
    Column("returned_on", Date),
)

absences = Table(
    "mentor_absences",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("absent_from", Date, primary_key=True),
    Column("absent_until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False),
)

availabilities = Table(
    "mentor_availabilities",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("effective_from", Date, primary_key=True),
    Column("minutes_per_week", Integer, nullable=False),
    Column("weekdays", ARRAY(Text), nullable=False),
)

mentor_profiles = Table(
    "mentor_profiles",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("areas", ARRAY(Text), nullable=False),
    Column("curriculum_levels", ARRAY(Text), nullable=False),
    Column("experience", ARRAY(Text), nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("town", Text, info={"personal": "mentor_id", "keep": "contact"}),
    Column("postcode_district", Text, info={"personal": "mentor_id", "keep": "contact"}),
    Column("updated_on", Date, nullable=False),
)
