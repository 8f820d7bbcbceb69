"""The operators' verbs on a running system: parked facts are mended or given up, read models rebuilt and switched."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from deploy.embedded import System
from shared.kernel.cli import DONE, FAILED, NOTHING_RUNS, USAGE
from tests.deploy.operator import Said, alongside, draft, status
from tests.support.engines import engine_folder
from tests.support.waiting import eventually

NARROW = "ALTER TABLE courses ADD CONSTRAINT no_waffle CHECK (title NOT LIKE 'Waffle%') NOT VALID"
WIDE = "ALTER TABLE courses DROP CONSTRAINT no_waffle"


@pytest.fixture(scope="module")
def house() -> Iterator[System]:
    """Training, and the console, which keeps no facts and is never asked by these verbs."""
    with engine_folder() as folder, System(folder, only=["training", "console"]) as made:
        yield made


def verb(house: System, *words: str) -> Said:
    return alongside(house.data, *words)


@contextmanager
def spoilt(house: System) -> Iterator[None]:
    """Meanwhile the read model refuses some courses: a fault of a migration, not of the facts."""
    with psycopg.connect(house.database_url("training"), autocommit=True) as connection:
        connection.execute(NARROW)
        try:
            yield
        finally:
            connection.execute(WIDE)


def applied(house: System, position: int) -> None:
    def reached() -> bool:
        found = status(house.urls["training"]).get("projections", [])
        return any(one["name"] == "courses" and one["position"] >= position for one in found)

    eventually(reached)


def titles(house: System) -> set[str]:
    with psycopg.connect(house.database_url("training")) as connection:
        return {title for (title,) in connection.execute("SELECT title FROM courses")}


def test_nothing_runs_is_exit_code_4_and_says_how_to_start(house: System) -> None:
    for words in (("parked", "ls"), ("projection", "ls"), ("projection", "rebuild", "training", "courses")):
        said = alongside(house.data / "nowhere", *words)
        assert said.code == NOTHING_RUNS
        assert "./alongside up" in said.err


def test_only_services_that_keep_facts_are_asked(house: System) -> None:
    listed = verb(house, "projection", "ls", "--json")
    assert listed.code == DONE
    assert {item["service"] for item in listed.items} == {"training"}
    assert {"courses", "certify"} <= {item["name"] for item in listed.items}
    assert verb(house, "parked", "ls").out == "nothing is parked\n"
    said = verb(house, "projection", "ls", "--service", "console")
    assert said.code == USAGE
    assert "training" in said.err


def test_a_parked_fact_is_shown_retried_when_mended_and_another_given_up_for_a_reason(house: System) -> None:
    with spoilt(house):
        (good, first), (bad, second) = (
            draft(house.urls["training"], "Waffle"),
            draft(house.urls["training"], "Waffle, again"),
        )
        applied(house, second)
        listed = verb(house, "parked", "ls", "--json")
        assert [(item["position"], item["stream"], item["waiting"]) for item in listed.items] == [
            (first, good, 1),
            (second, bad, 1),
        ]
        assert "no_waffle" in verb(house, "parked", "ls", "--projection", "courses").out
        assert status(house.urls["training"])["checks"]["courses<training"]["detail"].endswith("2 parked")

        shown = verb(house, "parked", "show", "training", "courses", "training", str(first))
        assert shown.code == DONE
        assert "no_waffle" in shown.out
        as_json = verb(house, "parked", "show", "training", "courses", "training", str(first), "--json")
        assert json.loads(as_json.out)["event"]["data"]["title"] == "Waffle"

        again = verb(house, "parked", "retry", "--stream", good, "--json")
        assert again.code == FAILED
        assert [(item["done"], "no_waffle" in item["error"]) for item in again.items] == [(0, True)]
    assert titles(house).isdisjoint({"Waffle", "Waffle, again"})

    tried = verb(house, "parked", "retry", "--position", str(first), "--dry-run", "--json")
    assert (tried.code, [item["done"] for item in tried.items]) == (DONE, [1])
    assert "Waffle" not in titles(house)
    mended = verb(house, "parked", "retry", "--stream", good, "--json")
    assert (mended.code, [item["done"] for item in mended.items]) == (DONE, [1])
    assert "Waffle" in titles(house)

    assert verb(house, "parked", "discard", "--stream", bad).code == USAGE
    assert verb(house, "parked", "discard", "--reason", "published twice").code == USAGE
    given_up = verb(house, "parked", "discard", "--stream", bad, "--reason", "published twice", "--json")
    assert (given_up.code, [item["done"] for item in given_up.items]) == (DONE, [1])
    assert verb(house, "parked", "ls", "--json").items == []
    with psycopg.connect(house.database_url("training")) as connection:
        kept = connection.execute("SELECT position, reason, actor FROM discarded").fetchall()
    assert kept == [(second, "published twice", "operator:cli")]
    assert verb(house, "parked", "show", "training", "courses", "training", str(second)).code == FAILED

    # a rebuild is made of all facts, so what was given up comes back where it can be applied by now
    assert verb(house, "projection", "rebuild", "training", "courses").code == DONE
    back = verb(house, "projection", "compare", "training", "courses", "--json")
    assert (back.code, back.items[0]["only_live"], back.items[0]["only_standby"]) == (FAILED, 0, 1)
    assert verb(house, "projection", "switch", "training", "courses").code == DONE
    assert {"Waffle", "Waffle, again"} <= titles(house)


def test_what_cannot_be_is_said_in_one_line(house: System) -> None:
    for words, why in (
        (("projection", "rebuild", "training", "nothing"), "there is no projection nothing here"),
        (
            ("projection", "switch", "training", "evidence"),
            "run `alongside projection rebuild evidence` first",
        ),
        (("projection", "rollback", "training", "evidence"), "nothing was switched"),
        (("projection", "compare", "training", "evidence"), "rebuild it first"),
        (("parked", "retry", "--stream", "no-id"), "stream"),
    ):
        said = verb(house, *words)
        assert (said.code, said.out, said.err.count("\n")) == (FAILED, "", 1), said
        assert why in said.err


def test_a_read_model_is_rebuilt_compared_switched_and_rolled_back(house: System) -> None:
    _, position = draft(house.urls["training"], "Listening")
    applied(house, position)
    rebuilt = verb(house, "projection", "rebuild", "training", "courses", "--json")
    assert rebuilt.code == DONE, rebuilt
    assert [(item["source"], item["state"]) for item in rebuilt.items] == [("training", "ready")]
    same = verb(house, "projection", "compare", "training", "courses", "--json")
    assert same.code == DONE, same
    assert (same.items[0]["only_live"], same.items[0]["only_standby"]) == (0, 0)

    # what no fact says is no part of a read model: comparing finds it, switching leaves it behind
    with psycopg.connect(house.database_url("training"), autocommit=True) as connection:
        connection.execute("UPDATE courses SET title = 'Tampered' WHERE title = 'Listening'")
    differs = verb(house, "projection", "compare", "training", "courses", "--json")
    assert differs.code == FAILED
    assert (differs.items[0]["only_live"], differs.items[0]["only_standby"]) == (1, 1)
    switched = verb(house, "projection", "switch", "training", "courses", "--json")
    assert (switched.code, switched.items) == (DONE, [{"switched": "courses"}])
    assert "Listening" in titles(house)
    listed = verb(house, "projection", "ls", "--service", "training", "--json").items
    assert {item["rebuild"] for item in listed if item["name"] == "courses"} == {"replaced"}

    _, later = draft(house.urls["training"], "Later")
    applied(house, later)
    assert verb(house, "projection", "rollback", "training", "courses").code == DONE
    assert {"Tampered", "Later"} <= titles(house)
    assert verb(house, "projection", "switch", "training", "courses").code == DONE
    assert {"Listening", "Later"} <= titles(house)


def test_a_second_rebuild_tells_of_itself_and_shows_its_progress(house: System) -> None:
    for _ in range(2):
        said = verb(house, "projection", "rebuild", "training", "evidence", "--fresh")
        assert said.code == DONE, said
        assert "ready" in said.out
        assert "100%" in said.err
