"""Golden files: complete CloudEvents that every reader, ever after, has to understand."""

import json
from pathlib import Path

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator

import shared.contracts.all  # noqa: F401
from deploy.contracts.check import ROOT
from deploy.contracts.releases import House
from shared.contracts.fact import contract_of, find_contract, parse
from shared.kernel.envelope import fact_in, read, subject
from tests.support.examples import example

HOUSE = House(ROOT)
GOLDEN = sorted(HOUSE.goldens.glob("*.json"))


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_a_golden_file_is_a_cloudevent(golden: Path) -> None:
    event = JSONFormat().read(CloudEvent, golden.read_bytes())
    assert event.get_type() == golden.stem
    assert event.get_specversion() == "1.0"
    assert event.get_datacontenttype() == "application/json"
    assert event.get_extension("region") == "uk-london"
    assert event.get_extension("streamversion") == 1
    assert event.get_data() == json.loads(golden.read_bytes())["data"]


def test_todays_reader_understands_it(golden: Path) -> None:
    fact = fact_in(golden.read_bytes())
    assert contract_of(fact).name == golden.stem.split(".")[1]
    assert fact == example(type(fact)), "the example says what the golden file says"


def test_its_data_fits_the_published_schema(golden: Path) -> None:
    schema = json.loads(HOUSE.schema(golden.stem).read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(golden.read_bytes())["data"])


def test_a_reader_passes_by_fields_that_it_does_not_know(golden: Path) -> None:
    contract = find_contract(golden.stem)
    assert contract is not None
    data = json.loads(golden.read_bytes())["data"]
    assert parse(contract, json.dumps({**data, "from_the_future": 1}).encode()) == parse(
        contract, json.dumps(data).encode()
    )


def test_its_subject_tells_whether_it_is_sealed(golden: Path) -> None:
    schema = json.loads(HOUSE.schema(golden.stem).read_text())
    personal = any("x-personal" in field for field in schema["properties"].values())
    privacy = "restricted" if schema.get("x-restricted") else "sealed" if personal else "open"
    words = subject(read(golden.read_bytes())).split(".")
    assert words[:3] == ["alongside", "uk-london", privacy]
    assert ".".join(words[3:6]) == golden.stem
