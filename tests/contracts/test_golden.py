"""Golden files: complete CloudEvents that every reader, ever after, has to understand."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from jsonschema import Draft202012Validator

import shared.contracts.all  # noqa: F401
from deploy.contracts.check import ROOT
from deploy.contracts.judging import judge
from deploy.contracts.releases import House, golden_data
from shared.contracts.fact import Contract, Fact, contract_of, find_contract, parse
from shared.kernel.envelope import read, subject
from shared.kernel.sealing.cipher import SealBroken
from tests.support.examples import example

HOUSE = House(ROOT)
GOLDEN = sorted(HOUSE.goldens.glob("*.json"))


@pytest.fixture(params=GOLDEN, ids=lambda path: path.stem)
def golden(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def contract_in(golden: Path) -> Contract:
    contract = find_contract(golden.stem)
    assert contract is not None
    return contract


def opened(golden: Path) -> Fact:
    return parse(contract_in(golden), golden_data(golden.read_bytes(), contract_in(golden)))


def test_a_golden_file_is_a_cloudevent(golden: Path) -> None:
    state = golden.read_bytes()
    event = JSONFormat().read(CloudEvent, state)
    assert event.get_type() == golden.stem
    assert event.get_specversion() == "1.0"
    assert event.get_datacontenttype() == "application/json"
    assert event.get_dataschema() == f"urn:alongside:schema:{golden.stem}", "absolute, as CloudEvents want it"
    assert event.get_time() == datetime(2026, 9, 1, 8, tzinfo=UTC)
    assert event.get_extension("region") == "uk-london"
    assert event.get_extension("streamversion") == 1
    assert event.get_data() == json.loads(state)["data"]
    # names of attributes are lower-case letters and digits: anything else breaks readers in binary mode
    assert all(name.isalnum() and name.islower() for name in event.get_attributes())
    assert json.loads(JSONFormat().write(event)) == json.loads(state)
    assert judge(golden.name, json.loads(state)).wrong == ()


@pytest.mark.parametrize("missing", ["id", "source", "type", "specversion"])
def test_without_a_required_attribute_it_would_be_none(missing: str) -> None:
    event = json.loads(GOLDEN[0].read_bytes())
    del event[missing]
    assert missing in [wrong.field for wrong in judge("here", event).wrong]
    if missing in ("source", "type"):  # the library makes up the others
        with pytest.raises(CloudEventValidationError):
            JSONFormat().read(CloudEvent, json.dumps(event).encode())


def test_todays_reader_understands_it(golden: Path) -> None:
    fact = opened(golden)
    assert contract_of(fact).name == golden.stem.split(".")[1]
    assert fact == example(type(fact)), "the example says what the golden file says"


def test_its_data_fits_the_published_schema(golden: Path) -> None:
    schema = json.loads(HOUSE.schema(golden.stem).read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(golden.read_bytes())["data"])


def test_what_is_personal_stands_in_no_golden_file_and_no_place_but_its_own_opens_it(golden: Path) -> None:
    state, contract = golden.read_bytes(), contract_in(golden)
    kept, inside = json.loads(state)["data"], json.loads(golden_data(state, contract))
    for name, keep in contract.kept.items():
        assert kept[name].startswith(f"sealed:v1:{keep}:"), name
        assert kept[name] != inside[name]
    elsewhere = state.replace(str(read(state).id).encode(), str(UUID(int=5)).encode(), 1)
    if contract.personal:
        with pytest.raises(SealBroken):
            golden_data(elsewhere, contract)


def test_a_reader_passes_by_fields_that_it_does_not_know(golden: Path) -> None:
    contract = contract_in(golden)
    data = json.loads(golden_data(golden.read_bytes(), contract))
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
