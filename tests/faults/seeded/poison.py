"""A fact that no reader can make sense of, written past all checks."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg


def record_poison(database_url: str, region: str) -> None:
    """Append it to the assignments service's store; the checker knows it by its data."""
    stream, topic = uuid4(), "assignments.SupportRequestReceived.v1"
    state = (
        f'{{"specversion":"1.0","id":"{uuid4()}","source":"/{region}/assignments","type":"{topic}",'
        f'"subject":"support_request/{stream}","time":"{datetime.now(UTC).isoformat()}","region":"{region}",'
        f'"streamversion":1,"correlationid":"x","causationid":"x","actor":"nobody:x","data":{{"poison":1}}}}'
    ).encode()
    none = "'{}'"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT alongside_append(%s::uuid[], '{0}', '{1}', '{1}', %s::text[], %s::bytea[], "
            + ", ".join([none] * 13)
            + ")",
            ([stream], [topic], [state]),
        )
