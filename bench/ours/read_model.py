"""A read model as small as it can be: one table."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, Uuid

from bench.ours.totals import projection

__all__ = ["metadata", "model", "projection"]

metadata = MetaData()
model = Table(
    "model",
    metadata,
    Column("aggregate", Uuid, primary_key=True),
    Column("facts", Integer, nullable=False, server_default="0"),
    Column("minutes", BigInteger, nullable=False, server_default="0"),
    Column("area", Text),
)
