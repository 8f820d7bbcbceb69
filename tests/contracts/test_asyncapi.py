"""The AsyncAPI document: the official parser takes it, its examples are what it says, its signatures verify."""

import base64
import json
from copy import deepcopy
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deploy.contracts.check import ROOT
from deploy.contracts.releases import House
from shared.contracts.fact import find_contract
from shared.kernel.bus.frames import Frames
from shared.kernel.envelope import partition, read, subject
from shared.kernel.notekeys import Verifier
from shared.kernel.signing import signed_text
from shared.kernel.store import StoredEvent
from tests.contracts.official import parsed

HOUSE = House(ROOT)
WARNING = 1
"""Severities up to this one are errors and warnings."""
OVER_HTTP = {"FeedPage", "StreamedFact", "Delivery"}
TOPICS = sorted(golden.stem for golden in HOUSE.goldens.glob("*.json"))
ONE = "sessions.SessionApproved.v1"


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(HOUSE.asyncapi.read_text())
    return found


def message(topic: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["messages"][topic]
    return found


def complaints(found: dict[str, Any]) -> list[str]:
    return [one["message"] for one in found["diagnostics"] if one["severity"] <= WARNING]


def only(topic: str) -> dict[str, Any]:
    """The document with one fact in it."""
    found = deepcopy(document())
    found["channels"] = {topic: found["channels"][topic]}
    found["operations"] = {f"publish.{topic}": found["operations"][f"publish.{topic}"]}
    for kind, names in {"messages": [topic], "schemas": ["CloudEvent", "FactHeaders", topic]}.items():
        found["components"][kind] = {name: found["components"][kind][name] for name in names}
    return found


def test_the_official_parser_takes_it_and_finds_what_is_wrong(tmp_path: Path) -> None:
    broken = only(ONE)
    del broken["channels"][ONE]["parameters"]["region"]
    broken["channels"][ONE]["servers"][0]["$ref"] = "#/servers/nowhere"
    (tmp_path / "broken.json").write_text(json.dumps(broken))
    ours, theirs = parsed(HOUSE.asyncapi, tmp_path / "broken.json")
    assert complaints(ours) == []
    assert {*TOPICS, *OVER_HTTP} == set(ours["messages"])
    assert len(ours["channels"]) == ours["operations"] == len(TOPICS) + len(OVER_HTTP)
    said = " ".join(complaints(theirs))
    assert "Missed: region" in said
    assert "'#/servers/nowhere' does not exist" in said


@pytest.mark.parametrize("part", ["payload", "headers"])
def test_every_example_is_what_its_message_says(part: str) -> None:
    components = document()["components"]
    for topic in TOPICS:
        checked = Draft202012Validator({**message(topic)[part], "components": components})
        checked.validate(message(topic)["examples"][0][part])
    torn = deepcopy(message(ONE))
    torn["examples"][0]["payload"]["data"].pop("child_id")
    torn["examples"][0]["headers"]["Alongside-Position"] = "first"
    said = Draft202012Validator({**torn[part], "components": components})
    assert not said.is_valid(torn["examples"][0][part]), "the check can fail"


def test_an_example_is_signed_as_its_service_signs_and_the_key_is_named() -> None:
    for topic in TOPICS:
        state, headers = HOUSE.golden(topic).read_bytes(), message(topic)["examples"][0]["headers"]
        verifier = Verifier.parse(message(topic)["x-alongside"]["example-key"])
        made = base64.b64decode(headers["Alongside-Signature"])
        text = signed_text(read(state).source, 1, sha256(state).hexdigest(), len(state))
        assert made[:4] == verifier.key_id
        assert verifier.verify(text, made[4:])


def test_the_headers_and_addresses_are_those_that_the_relay_sends() -> None:
    for topic in TOPICS:
        state = HOUSE.golden(topic).read_bytes()
        envelope = read(state)
        stored = StoredEvent(1, envelope.stream, 1, topic, state)
        sent = Frames("uk-london", envelope.service, {}).of([stored], "reply", ["signature"])
        named = {line.partition(b":")[0].decode() for line in sent.split(b"\r\n\r\n")[0].split(b"\r\n")[2:]}
        fences = {"Nats-Expected-Stream", "Nats-Expected-Last-Sequence"}
        assert named - fences == set(document()["components"]["schemas"]["FactHeaders"]["properties"])
        address = document()["channels"][topic]["address"].replace("{region}", "uk-london")
        assert address.replace("{partition}", f"{partition(envelope.stream):02d}") == subject(envelope)


def test_it_tells_every_stream_and_every_durable() -> None:
    streams = document()["x-jetstream-streams"]
    assert set(streams) == {topic.split(".")[0] for topic in TOPICS}
    assert all(one["deny_delete"] and one["deny_purge"] for one in streams.values())
    for topic in TOPICS:
        contract = find_contract(topic)
        assert contract is not None
        channel = document()["channels"][topic]
        assert channel["x-jetstream-stream"] == streams[contract.service]["name"]
        assert "audit-ledger" in channel["x-jetstream-durables"]
