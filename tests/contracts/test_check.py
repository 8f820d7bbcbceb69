"""The check of contracts: it lets grow, and says precisely what a change would break."""

from pathlib import Path

import pytest

from deploy.contracts.check import ROOT, problems
from deploy.contracts.generate import release, write
from deploy.contracts.releases import House
from shared.contracts.fact import Fact
from tests.contracts.specimens import HARMFUL, HARMLESS, TOPIC, Grown, KiteFlown, Undescribed, kite, now
from tests.support.examples import example, house_contracts


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house in which KiteFlown is released."""
    house = House(tmp_path)
    for folder in (house.manifest, house.catalogue):
        folder.parent.mkdir(parents=True)
    write(house, now(KiteFlown), kite)
    release(house)
    write(house, now(KiteFlown), kite)
    assert problems(house, now(KiteFlown), kite) == []
    return house


def test_every_fact_of_the_house_keeps_its_promise() -> None:
    published = house_contracts()
    assert len(published) >= 38
    assert problems(House(ROOT), published, example) == []


@pytest.mark.parametrize("change", HARMFUL, ids=lambda model: model.__name__)
def test_a_harmful_change_is_named_and_not_written(house: House, change: type[Fact]) -> None:
    before = house.schema(TOPIC).read_bytes()
    write(house, now(change), kite)
    assert house.schema(TOPIC).read_bytes() == before
    said = "\n".join(problems(house, now(change), kite))
    assert HARMFUL[change] in said
    assert "publish specimens.KiteFlown.v2, with a pure function @upcasts('specimens.KiteFlown.v1')" in said


@pytest.mark.parametrize("change", HARMLESS, ids=lambda model: model.__name__)
def test_a_harmless_change_is_drift_until_it_is_written(house: House, change: type[Fact]) -> None:
    golden = house.golden(TOPIC).read_bytes()
    assert "changed in a way that is allowed" in problems(house, now(change), kite)[0]
    assert write(house, now(change), kite) == [f"wrote {TOPIC}"]
    assert problems(house, now(change), kite) == []
    assert house.golden(TOPIC).read_bytes() == golden, "a golden file is history"


def test_what_grew_is_promised_too(house: House) -> None:
    write(house, now(Grown), kite)
    assert "field metres was removed" in problems(house, now(KiteFlown), kite)[0]


def test_an_edited_golden_file_is_found(house: House) -> None:
    path = house.golden(TOPIC)
    path.write_bytes(path.read_bytes().replace(b'"gale"', b'"calm"'))
    assert f"tests/contracts/golden/{TOPIC}.json was edited" in problems(house, now(KiteFlown), kite)[0]


def test_a_removed_golden_file_is_found_and_never_made_again(house: House) -> None:
    house.golden(TOPIC).unlink()
    assert (
        f"tests/contracts/golden/{TOPIC}.json was edited or removed"
        in problems(house, now(KiteFlown), kite)[0]
    )
    write(house, now(Grown), kite)
    assert not house.golden(TOPIC).exists()


def test_an_edited_schema_is_found_and_not_taken_for_the_promise(house: House) -> None:
    path = house.schema(TOPIC)
    path.write_text(path.read_text().replace('"gale"', '"gust"'))
    write(house, now(KiteFlown), kite)
    assert f"docs/schemas/{TOPIC}.json was edited" in problems(house, now(KiteFlown), kite)[0]


def test_a_removed_fact_is_found(house: House) -> None:
    assert f"{TOPIC} is released and was removed" in problems(house, [], kite)[0]


def test_an_edited_catalogue_is_found(house: House) -> None:
    house.catalogue.write_text(house.catalogue.read_text() + "and more\n")
    assert problems(house, now(KiteFlown), kite) == [
        "docs/facts.md differs from the contracts and their readers. Run python -m deploy.contracts.check --write"
    ]


def test_a_file_of_no_fact_is_found(house: House) -> None:
    house.golden("specimens.Nobody.v1").write_text("{}")
    assert "specimens.Nobody.v1.json belongs to no published fact" in problems(house, now(KiteFlown), kite)[0]


def test_a_fact_and_a_field_must_say_what_they_mean(house: House) -> None:
    said = "\n".join(problems(house, now(Undescribed), kite))
    assert f"{TOPIC} doesn't say what it means. Give it a docstring" in said
    assert f"{TOPIC} doesn't say what it means. Give it Field(description=...) on minutes" in said


def test_a_fact_needs_an_example(house: House) -> None:
    def none(model: type[Fact]) -> Fact:
        raise LookupError(f"{model.__name__} has no example")

    assert "KiteFlown has no example" in problems(house, now(KiteFlown), none)[0]


def test_a_new_fact_is_to_be_written_and_a_draft_may_change(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.manifest.parent.mkdir(parents=True)
    house.catalogue.parent.mkdir(parents=True)
    assert f"{TOPIC} is new" in problems(house, now(KiteFlown), kite)[0]
    write(house, now(KiteFlown), kite)
    assert problems(house, now(KiteFlown), kite) == []
    harmful = next(iter(HARMFUL))
    assert write(house, now(harmful), kite) == [f"wrote {TOPIC}"]
    assert problems(house, now(harmful), kite) == []
    assert write(house, [], kite) == [f"forgot {TOPIC}"]
    assert problems(house, [], kite) == []


def test_writing_again_changes_nothing(house: House) -> None:
    before = {path: path.read_bytes() for path in house.root.rglob("*.*") if path.is_file()}
    assert write(house, now(KiteFlown), kite) == []
    assert {path: path.read_bytes() for path in house.root.rglob("*.*") if path.is_file()} == before
