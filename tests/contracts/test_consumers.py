"""Who reads a fact is on record, and a change that breaks it says whom it breaks."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.contracts import consumers
from deploy.contracts.check import ROOT, problems
from deploy.contracts.consumers import Consumer, Consumers, Unanswered, ask
from deploy.contracts.generate import release, write
from deploy.contracts.releases import House
from services.assignments.main import service as assignments
from services.audit.main import service as audit
from services.notifications.main import service as notifications
from services.sessions.main import service as sessions
from services.training.main import service as training
from shared.kernel.integrators import Integrator
from shared.kernel.listed import listed
from tests.contracts.specimens import HARMFUL, TOPIC, Grown, KiteFlown, kite, now
from tests.support.examples import example, house_contracts

SERVICES = (assignments, sessions, training, notifications, audit)
READ_BY: Consumers = {
    TOPIC: (
        Consumer("audit", "ledger", "projection", keeps_bytes=True),
        Consumer("sessions", "tell_parents", "policy"),
        Consumer("training", "kites", "projection"),
    )
}
WHOM = "It would break sessions.tell_parents (policy), training.kites (projection). "


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house in which KiteFlown is released, and read."""
    house = House(tmp_path)
    for folder in (house.manifest, house.catalogue):
        folder.parent.mkdir(parents=True)
    write(house, now(KiteFlown), kite, READ_BY)
    release(house)
    write(house, now(KiteFlown), kite, READ_BY)
    assert problems(house, now(KiteFlown), kite, READ_BY) == []
    return house


def told() -> Consumers:
    return consumers.consumers(house_contracts(), {one.name: listed(one) for one in SERVICES})


def test_every_listener_of_the_house_is_on_record() -> None:
    assert problems(House(ROOT), house_contracts(), example, told()) == []


@pytest.mark.parametrize("change", HARMFUL, ids=lambda model: model.__name__)
def test_a_harmful_change_says_whom_it_breaks(house: House, change: type[KiteFlown]) -> None:
    said = "\n".join(problems(house, now(change), kite, READ_BY))
    assert HARMFUL[change] in said
    assert WHOM in said
    assert "ledger" not in said, "who keeps a fact as bytes is not broken by what is in them"


def test_so_does_a_fact_that_was_removed_even_when_nobody_can_be_asked(house: House) -> None:
    said = problems(house, [], kite)[0]
    assert f"{TOPIC} is released and was removed. {WHOM}" in said


def test_integrators_who_were_granted_it_are_named(house: House) -> None:
    at = datetime(2026, 9, 1, tzinfo=UTC)
    acme = Integrator("acme", frozenset({TOPIC}), frozenset({"uk-london"}), None, None, at)
    other = replace(acme, name="other", facts=frozenset())
    said = problems(house, now(next(iter(HARMFUL))), kite, READ_BY, [acme, other])[0]
    assert "training.kites (projection), acme (integrator). Leave" in said
    assert "other" not in said.replace("another", "")


def test_it_is_told_even_when_the_change_breaks_the_examples(house: House) -> None:
    said = problems(house, now(next(iter(HARMFUL))), None, READ_BY)[0]
    assert WHOM in said


def test_a_harmless_change_breaks_nobody(house: House) -> None:
    assert "It would break" not in "\n".join(problems(house, now(Grown), kite, READ_BY))


def test_a_new_reader_is_drift_until_it_is_written(house: House) -> None:
    more = {TOPIC: (*READ_BY[TOPIC], Consumer("training", "winds", "projection"))}
    drifted = [line.split()[0] for line in problems(house, now(KiteFlown), kite, more)]
    assert drifted == ["docs/facts.md", "docs/asyncapi.json", "docs/consumers.json"]
    write(house, now(KiteFlown), kite, more)
    assert problems(house, now(KiteFlown), kite, more) == []
    assert consumers.committed(house.consumers) == more


@pytest.mark.parametrize("name", ["asyncapi", "consumers"])
def test_an_edited_file_is_found(house: House, name: str) -> None:
    path = getattr(house, name)
    path.write_text(path.read_text().replace("tell_parents", "tell_nobody"))
    assert any(f"docs/{name}.json differs" in line for line in problems(house, now(KiteFlown), kite, READ_BY))


def test_a_reader_of_one_version_reads_all_of_them() -> None:
    listens = {
        "training": [
            {"name": "kites", "kind": "projection", "sources": [], "facts": ["specimens.KiteFlown.v2"]}
        ]
    }
    assert consumers.consumers(now(KiteFlown), listens) == {
        TOPIC: (Consumer("training", "kites", "projection"),)
    }


def test_services_that_do_not_start_are_told_and_a_house_without_any_is_not_asked(tmp_path: Path) -> None:
    assert ask(tmp_path) is None
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "__init__.py").write_text("raise ImportError('the fact is gone')")
    with pytest.raises(Unanswered, match="the fact is gone"):
        ask(tmp_path)


def test_the_file_is_read_by_any_program() -> None:
    found = json.loads(House(ROOT).consumers.read_text())
    assert {"service": "audit", "listener": "ledger", "kind": "projection", "keeps_bytes": True} in found[
        "sessions.SessionApproved.v1"
    ]
