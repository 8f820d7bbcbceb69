"""Whether events are what the catalogue says they must be, told by field."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from deploy.contracts.travelling import CLOUD_EVENT
from shared.contracts.fact import Contract, contracts, find_contract
from shared.contracts.schema import schema_of

FORMATS = Draft202012Validator.FORMAT_CHECKER
_around = Draft202012Validator(CLOUD_EVENT, format_checker=FORMATS)


@cache
def _inside(topic: str) -> Draft202012Validator:
    contract = find_contract(topic)
    return Draft202012Validator(schema_of(contract) if contract else {}, format_checker=FORMATS)


@dataclass(frozen=True)
class Wrong:
    """What is wrong with one field of an event; `field` is its path from the event's root."""

    field: str
    said: str

    def __str__(self) -> str:
        return f"{self.field}: {self.said}"


@dataclass(frozen=True)
class Judged:
    """One event: where it stood, its topic as far as it said one, and everything wrong with it."""

    place: str
    topic: str
    wrong: tuple[Wrong, ...]


def judge_text(name: str, text: str) -> Iterator[Judged]:
    """Every event of a file: one JSON document (an event, a list, or a page of a feed), or JSON lines."""
    try:
        whole = json.loads(text)
    except ValueError:
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield _judge_line(f"{name}:{number}", line)
        return
    events = whole["facts"] if isinstance(whole, dict) and "facts" in whole else whole
    if not isinstance(events, list):
        yield judge(name, events)
        return
    for number, event in enumerate(events, start=1):
        yield judge(f"{name}#{number}", event)


def _judge_line(place: str, line: str) -> Judged:
    try:
        event = json.loads(line.removeprefix("data:"))
    except ValueError as unreadable:
        return Judged(place, "", (Wrong("(the event)", f"is no JSON: {unreadable}"),))
    return judge(place, event)


def judge(place: str, event: Any) -> Judged:
    """One event against the CloudEvent around it and the schema of its type."""
    if not isinstance(event, dict):
        return Judged(place, "", (Wrong("(the event)", "is no JSON object"),))
    topic = str(event.get("type", ""))
    wrong = [_wrong(error, "") for error in _around.iter_errors(event)]
    contract = find_contract(topic)
    if contract is None:
        wrong.append(Wrong("type", _unknown(topic)))
    else:
        wrong += _of_contract(event, contract)
    return Judged(place, topic, tuple(wrong))


def _of_contract(event: Mapping[str, Any], contract: Contract) -> Iterator[Wrong]:
    if event.get("dataschema") != contract.schema_id:
        yield Wrong("dataschema", f"must be {contract.schema_id}")
    if not str(event.get("source", "")).endswith(f"/{contract.service}"):
        yield Wrong("source", f"must end with /{contract.service}, which alone records it")
    if not str(event.get("subject", "")).startswith(f"{contract.aggregate}/"):
        yield Wrong("subject", f"must begin with {contract.aggregate}/, which it is decided by")
    if isinstance(event.get("data"), dict):
        for error in _inside(contract.topic).iter_errors(event["data"]):
            yield _wrong(error, "data")


def _wrong(error: ValidationError, root: str) -> Wrong:
    schema: Any = error.schema if isinstance(error.schema, dict) else {}
    expected: Any = error.validator_value
    path = [*([root] if root else []), *map(str, error.absolute_path)]
    if error.validator == "required":
        missing = error.message.split("'")[1]  # there is one error for each missing field
        meaning = schema["properties"].get(missing, {}).get("description", "")
        return Wrong(".".join([*path, missing]), f"is missing: {meaning}")
    field, meaning = (
        ".".join(path) or "(the event)",
        f" ({schema['description']})" if "description" in schema else "",
    )
    if error.validator == "pattern" and "x-personal" in schema:
        return Wrong(
            field, f"is personal: it travels as sealed:v1:{schema['x-kept']}:..., never open{meaning}"
        )
    if error.validator == "enum":
        return Wrong(field, f"is {error.instance!r}, not one of {', '.join(map(str, expected))}{meaning}")
    return Wrong(field, error.message + meaning)


def _unknown(topic: str) -> str:
    near = get_close_matches(topic, [one.topic for one in contracts()], n=2, cutoff=0.6)
    return f"{topic or 'nothing'} is no published fact" + (f"; perhaps {' or '.join(near)}" if near else "")
