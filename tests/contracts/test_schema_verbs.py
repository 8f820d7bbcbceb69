"""./alongside schema: the catalogue on the command line, and events held against it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.contracts.check import ROOT
from deploy.contracts.judging import judge
from deploy.contracts.releases import House
from deploy.contracts.schema_verbs import schema
from deploy.contracts.then import changes
from shared.kernel.cli import FAILED, USAGE

HOUSE = House(ROOT)
SEALED, OPEN = "assignments.ChildAccepted.v1", "sessions.SessionApproved.v1"


def verb(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(schema, list(words), input=stdin)


def golden(topic: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(HOUSE.golden(topic).read_bytes())
    return found


def test_it_lists_facts_by_words_service_privacy_and_aggregate() -> None:
    assert OPEN in verb("ls").output
    found = verb("ls", "--service", "assignments", "--privacy", "sealed", "--aggregate", "child").output
    assert SEALED in found
    assert OPEN not in found
    assert OPEN not in verb("ls", "--reader", "training").output
    (one,) = json.loads(verb("ls", "sessionapproved", "--json").output)
    assert one["topic"] == OPEN
    assert {"service": "sessions", "listener": "session_accounts"}.items() <= one["consumers"][-2].items()


def test_it_shows_a_fact_by_a_part_of_its_name() -> None:
    shown = verb("show", "SessionApproved")
    assert "`contact_minutes`*" in shown.output
    assert "Read by sessions" in shown.output
    assert json.loads(verb("show", OPEN, "--json").output) == json.loads(HOUSE.schema(OPEN).read_text())
    unknown = verb("show", "SessionAproved")
    assert unknown.exit_code == USAGE
    assert OPEN in unknown.output
    assert "is several facts" in verb("show", "Session").output


def test_it_says_what_differs_between_files_and_topics(tmp_path: Path) -> None:
    changed = json.loads(HOUSE.schema(OPEN).read_text())
    changed["properties"]["weather"] = {"type": "string", "default": "fine", "description": "of the day"}
    (tmp_path / "then.json").write_text(json.dumps(changed))
    assert verb("diff", str(tmp_path / "then.json"), OPEN).output == "weather is gone\n"
    told = verb("diff", OPEN, str(tmp_path / "then.json")).output
    assert told == "weather is new: string, 'fine' where it is missing; of the day\n"
    assert verb("diff", OPEN).output == "no difference\n"
    assert verb("diff", f"{OPEN}@no-such-revision").exit_code == USAGE
    assert verb("diff", "@--output=somewhere").exit_code == USAGE


def test_it_says_what_became_of_all_facts_since_a_revision() -> None:
    now = {"a.New.v1": {"description": "It came."}, "a.Same.v1": {}, "a.Changed.v1": {"x-aggregate": "b"}}
    then: dict[str, Any] = {"a.Old.v1": {}, "a.Same.v1": {}, "a.Changed.v1": {"x-aggregate": "a"}}
    assert changes(then, now) == {
        "a.Changed.v1": ["decided by b, before by a"],
        "a.New.v1": ["is new: It came."],
        "a.Old.v1": ["is gone"],
    }


@pytest.mark.parametrize("form", ["one", "list", "page", "lines"])
def test_events_are_taken_in_every_form_that_they_come_in(form: str) -> None:
    events = [golden(OPEN), golden(SEALED)]
    forms: dict[str, Callable[[], str]] = {
        "one": lambda: json.dumps(events[0]),
        "list": lambda: json.dumps(events),
        "page": lambda: json.dumps({"facts": events, "after": 2, "head": 2}),
        "lines": lambda: "\n".join(map(json.dumps, events)),
    }
    told = verb("check", "-", stdin=forms[form]())
    assert told.exit_code == 0, told.output
    assert told.output == f"{1 if form == 'one' else 2} events, 0 with something wrong\n"


WRONG: list[tuple[Callable[[dict[str, Any]], object], str, str]] = [
    (lambda e: e["data"].update(name="Ada"), "data.name", "is personal: it travels as sealed:v1:profile:"),
    (lambda e: e["data"].update(accepted_on="soon"), "data.accepted_on", "is not a 'date'"),
    (lambda e: e["data"].update(child_id=7), "data.child_id", "7 is not of type 'string' (the child)"),
    (lambda e: e["data"].pop("school_id"), "data.school_id", "is missing: the school"),
    (lambda e: e.pop("id"), "id", "is missing: the fact's own id"),
    (lambda e: e.update(type="assignments.ChildAcepted.v1"), "type", "perhaps assignments.ChildAccepted.v1"),
    (lambda e: e.update(source="/uk-london/sessions"), "source", "must end with /assignments"),
    (
        lambda e: e.update(subject=e["subject"].replace("child", "mentor")),
        "subject",
        "must begin with child/",
    ),
    (lambda e: e.update(dataschema="urn:other"), "dataschema", f"must be urn:alongside:schema:{SEALED}"),
    (lambda e: e.update(streamversion=0), "streamversion", "less than the minimum of 1"),
    (lambda e: e.update(specversion="0.3"), "specversion", "'1.0' was expected"),
    (lambda e: e.update(data=[]), "data", "is not of type 'object'"),
]


@pytest.mark.parametrize(("spoil", "field", "said"), WRONG, ids=[field for _, field, _ in WRONG])
def test_what_is_wrong_is_told_by_field(
    spoil: Callable[[dict[str, Any]], object], field: str, said: str
) -> None:
    event = golden(SEALED)
    spoil(event)
    (wrong,) = judge("here", event).wrong
    assert wrong.field == field
    assert said in wrong.said


def test_each_wrong_event_is_named_with_its_line_and_the_exit_code_says_it(tmp_path: Path) -> None:
    spoiled = golden(OPEN)
    spoiled["data"]["ratio"] = "two_to_one"
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join([json.dumps(golden(OPEN)), json.dumps(spoiled), "no JSON", "7"]))
    told = verb("check", str(path))
    assert told.exit_code == FAILED
    assert (
        f"{path}:2 {OPEN}\n  data.ratio: is 'two_to_one', not one of one_to_one, group_with_child"
        in told.output
    )
    assert f"{path}:3 \n  (the event): is no JSON" in told.output
    assert "(the event): is no JSON object" in told.output
    assert "4 events, 3 with something wrong" in told.output
    shown = json.loads(verb("check", str(path), "--json").output)
    assert [one["place"] for one in shown["wrong"]] == [f"{path}:{line}" for line in (2, 3, 4)]
    assert verb("check", str(tmp_path / "nowhere.json")).exit_code == USAGE
