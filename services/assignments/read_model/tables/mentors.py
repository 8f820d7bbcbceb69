"""The tables of mentors, and of what they can show."""

from sqlalchemy import Boolean, Column, Date, Index, Table, Text, Uuid

from services.assignments.read_model.tables.metadata import metadata

mentors = Table(
    "mentors",
    metadata,
    Column("mentor_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("engaged_on", Date, nullable=False),
    Column("left_on", Date),
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
