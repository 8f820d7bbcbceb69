"""A fact is to blame for an error only when it would fail again; a database that went away is no fact's fault."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import create_engine, exc, text
from sqlalchemy.engine import make_url

from shared.contracts.assignments.child import ChildAccepted
from shared.kernel.projections.failing import Unreadable, is_poison, told, untold
from shared.kernel.recorded import Recorded
from tests.support.examples import example

AT = datetime(2026, 9, 1, tzinfo=UTC)


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


def test_an_error_repeats_nothing_personal_of_the_fact_that_is_to_blame(database_url: str) -> None:
    fact = example(ChildAccepted).model_copy(update={"name": "Zoë O'Hara"})
    about = (Recorded(fact, "assignments", 1, UUID(int=1), 1, AT, UUID(int=2), "uk-london", "a", "c", "c"),)
    with psycopg.connect(database_url) as connection, pytest.raises(psycopg.Error) as wrong:
        connection.execute("SELECT %s::text::date", (fact.name,))
    assert "Hara" in told(wrong.value)
    for raised in (wrong.value, ValueError(f"no such child {fact.name!r} of {fact.birth_date}")):
        said = told(raised, about)
        assert "…" in said
        assert not [word for word in ("Zoë", "Hara", str(fact.birth_date)) if word in said]
        with pytest.raises(Unreadable, match="…"), untold(about):
            raise raised
    with pytest.raises(OSError, match="cut"), untold(about):
        raise OSError("the line was cut")


@pytest.mark.parametrize(
    "passing", [exc.TimeoutError("no connection is free"), psycopg.OperationalError("gone"), OSError()]
)
def test_a_database_that_cannot_be_reached_parks_nothing(passing: Exception) -> None:
    assert not is_poison(passing)
