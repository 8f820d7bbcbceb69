"""The examples of xAPI are statements; what the standard forbids is not, and is told by its place."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.training.xapi.agents import Who, who
from services.training.xapi.meaning import COMPLETED, FAILED, PASSED, VOIDED, Meaning, meaning, verb_name
from services.training.xapi.statement import flaws
from services.training.xapi.taking import same

EXAMPLES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "published_examples.json").read_text())
SIMPLE, ATTEMPTED, LONG, VOIDING = EXAMPLES
AGENT = {"mbox": "mailto:user@example.com"}
HOME = "https://agency.example"


def changed(**more: Any) -> dict[str, Any]:
    found = {
        "actor": AGENT,
        "verb": {"id": COMPLETED},
        "object": {"id": "https://example.com/course"},
        **more,
    }
    return {name: value for name, value in found.items() if value is not ...}


@pytest.mark.parametrize("example", EXAMPLES, ids=["simple", "attempted", "long", "voiding"])
def test_the_published_examples_are_statements_and_stay_so_as_json(example: dict[str, Any]) -> None:
    assert flaws(example) == []
    assert same(example, json.loads(json.dumps(example)))


def test_every_member_of_the_long_example_is_looked_at() -> None:
    def inside(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        if "extensions" in path:
            return []
        if isinstance(value, dict):
            below = [found for name, one in value.items() for found in inside(one, (*path, name))]
            return [*below, *((*path, name) for name in value if name != "extensions")]
        if isinstance(value, list):
            return [found for n, one in enumerate(value) for found in inside(one, (*path, n))]
        return []

    places = inside(LONG)
    assert len(places) > 60
    for place in places:
        broken = json.loads(json.dumps(LONG))
        found = broken
        for step in place[:-1]:
            found = found[step]
        found[place[-1]] = None
        assert flaws(broken), f"{place} may be null"


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ([], ""),
        ("x", ""),
        (changed(actor=...), "actor"),
        (changed(Actor=AGENT), "Actor"),
        (changed(actor={"name": "nobody"}), "actor"),
        (changed(actor={**AGENT, "openid": "https://x.example"}), "actor"),
        (changed(actor={"mbox": "user@example.com"}), "actor.mbox"),
        (changed(actor={"mbox_sha1sum": "abc"}), "actor.mbox_sha1sum"),
        (changed(actor={"account": {"name": "x"}}), "actor.account.homePage"),
        (changed(actor={"objectType": "Group"}), "actor"),
        (changed(actor={"objectType": "Group", "member": [{"name": "x"}]}), "actor.member.0"),
        (changed(verb={"id": "completed"}), "verb.id"),
        (changed(verb={"id": COMPLETED, "display": {"en_GB": "x"}}), "verb.display.en_GB"),
        (changed(object={"objectType": "Course", "id": "a:b"}), "object.objectType"),
        (changed(object={"objectType": "StatementRef", "id": "7"}), "object.id"),
        (changed(object={"id": "a:b", "definition": {"title": {}}}), "object.definition.title"),
        (changed(result={"score": {"scaled": 1.5}}), "result.score.scaled"),
        (changed(result={"score": {"min": 5, "max": 1}}), "result.score"),
        (changed(result={"success": "true"}), "result.success"),
        (changed(result={"duration": "1 hour"}), "result.duration"),
        (changed(result={"extensions": {"x": 1}}), "result.extensions.x"),
        (changed(context={"registration": "1"}), "context.registration"),
        (changed(context={"language": "in english"}), "context.language"),
        (changed(context={"platform": "x"}, object={"objectType": "Agent", **AGENT}), "context.platform"),
        (changed(timestamp="2026-02-30T10:00:00Z"), "timestamp"),
        (changed(timestamp="2026-02-03T10:00:00-00:00"), "timestamp"),
        (changed(timestamp="0001-01-01T00:00:00+14:00"), "timestamp"),
        (changed(actor={"mbox": "mailto:a\x00@example.com"}), "actor.mbox"),
        (changed(version="0.9"), "version"),
        (changed(verb={"id": VOIDED}), "object"),
        (changed(attachments=[{"usageType": "a:b"}]), "attachments.0.display"),
        (
            changed(object={"objectType": "SubStatement", "actor": AGENT, "verb": {"id": "a:b"}}),
            "object.object",
        ),
    ],
)
def test_what_is_no_statement_is_told_by_its_place(statement: Any, place: str) -> None:
    assert place in {where for where, _ in flaws(statement)}


@pytest.mark.parametrize(
    ("verb", "success", "means"),
    [
        (COMPLETED, None, "completed"),
        (COMPLETED, True, "completed"),
        (COMPLETED, False, "failed"),
        (PASSED, None, "completed"),
        (PASSED, False, None),
        (FAILED, None, "failed"),
        (FAILED, True, None),
        ("http://adlnet.gov/expapi/verbs/attempted", True, None),
    ],
)
def test_three_verbs_mean_something_unless_their_result_denies_it(
    verb: str, success: bool | None, means: Meaning | None
) -> None:
    assert meaning(verb, success) == means


def test_a_verb_that_others_chose_does_not_stand_in_the_open() -> None:
    assert verb_name(PASSED) == PASSED
    assert "jane" not in verb_name("https://lms.example/jane/finished")


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"verb": {"id": COMPLETED, "display": {"en": "done"}}}, {}, True),
        ({"object": {"id": "https://example.com/course", "definition": {"name": {"en": "C"}}}}, {}, True),
        ({"object": {"objectType": "Activity", "id": "https://example.com/course"}}, {}, True),
        ({"stored": "2026-01-01T00:00:00Z", "authority": AGENT, "version": "1.0.0"}, {}, True),
        ({"timestamp": "2026-01-01T00:00:00Z"}, {}, True),
        ({"timestamp": "2026-01-01T00:00:00Z"}, {"timestamp": "2026-01-01T01:00:00+01:00"}, True),
        ({"timestamp": "2026-01-01T00:00:00Z"}, {"timestamp": "2026-01-01T00:00:01Z"}, False),
        ({"result": {"success": True}}, {}, False),
        ({"verb": {"id": PASSED}}, {}, False),
        ({"actor": {**AGENT, "name": "X"}}, {}, False),
    ],
)
def test_statements_are_compared_by_what_they_say(one: Any, other: Any, equal: bool) -> None:
    assert same(changed(**one), changed(**other)) is equal


def test_an_actor_is_named_by_the_agencys_account_or_by_an_address() -> None:
    account = {"homePage": f"{HOME}/", "name": "0190b0a0-0000-7000-8000-000000000001"}
    assert who({"account": account}, HOME) == Who(mentor_id=UUID(account["name"]))
    assert who({"account": {**account, "homePage": "https://other.example"}}, HOME) is None
    assert who({"mbox": "mailto:A@Example.org"}, HOME) == Who(email="a@example.org")
    assert who({"openid": "https://x.example"}, HOME) is None
    assert who({"objectType": "Group", "account": account}, HOME) is None
