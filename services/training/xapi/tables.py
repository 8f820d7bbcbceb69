"""Where statements are found, and what followed from them. What they say stays sealed in their facts."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, Table, Text, Uuid

from services.training.read_model.tables import metadata

statements = Table(
    "statements",
    metadata,
    Column("statement_id", Uuid, primary_key=True),
    Column("position", BigInteger),
    Column("delivery_id", Uuid),
    Column("version", Integer),
    Column("fact_id", Uuid),
    Column("mentor_id", Uuid),
    Column("verb", Text),
    Column("activity", Text),
    Column("course_id", Uuid),
    Column("registration", Uuid),
    Column("refers_to", Uuid),
    Column("success", Boolean),
    Column("stored_at", DateTime(timezone=True)),
    # the first statement that voided it; it may have been heard of before this one
    Column("voided_by", Uuid),
    Index("statements_by_position", "position"),
    Index("statements_of_mentor", "mentor_id", "position"),
    Index("statements_by_reference", "refers_to"),
    Index("statements_by_fact", "fact_id"),
)

learned = Table(
    "learned",
    metadata,
    Column("enrolment_id", Uuid, primary_key=True),
    Column("fact_id", Uuid),
    Column("outcome", Text),
    Column("certification_id", Uuid),
    Index("learned_by_fact", "fact_id"),
)
