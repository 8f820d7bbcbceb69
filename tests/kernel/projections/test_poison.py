"""A fact is to blame for an error only when it would fail again; a database that went away is no fact's fault."""

import psycopg
import pytest
from sqlalchemy import create_engine, exc, text
from sqlalchemy.engine import make_url

from shared.kernel.projections.listening import is_poison, told


def test_an_error_of_a_query_is_judged_by_what_the_database_said(database_url: str) -> None:
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection, pytest.raises(exc.DBAPIError) as cut:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with engine.connect() as connection, pytest.raises(exc.DBAPIError) as wrong:
        connection.execute(text("SELECT CAST(:name AS int)"), {"name": "Ada"})
    engine.dispose()
    assert not is_poison(cut.value)
    assert is_poison(wrong.value)
    assert "parameters" not in told(wrong.value)


@pytest.mark.parametrize(
    "passing", [exc.TimeoutError("no connection is free"), psycopg.OperationalError("gone"), OSError()]
)
def test_a_database_that_cannot_be_reached_parks_nothing(passing: Exception) -> None:
    assert not is_poison(passing)
