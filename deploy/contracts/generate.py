"""Writes what is generated from the contracts: schemas, golden files of drafts, manifest and catalogue."""

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deploy.contracts import asyncapi, consumers
from deploy.contracts.catalogue import catalogue
from deploy.contracts.compatibility import breaks
from deploy.contracts.consumers import Consumers
from deploy.contracts.entries import entries, opened
from deploy.contracts.releases import (
    DRAFT,
    RELEASED,
    House,
    Manifest,
    Promise,
    digest,
    golden_bytes,
)
from shared.contracts.fact import Contract, Fact
from shared.contracts.schema import as_text, schema_of
from shared.kernel.envelope import read

Example = Callable[[type[Fact]], Fact]


ROOT = Path(__file__).resolve().parents[2]


def write(
    house: House, known: Sequence[Contract], example: Example, read_by: Consumers | None = None
) -> list[str]:
    """Generate what may change, and return what was written; a broken promise is left for the check.

    `read_by` is who reads each fact by now; what was written of that last when nobody could be asked.
    """
    manifest = Manifest.load(house)
    house.schemas.mkdir(parents=True, exist_ok=True)
    house.goldens.mkdir(parents=True, exist_ok=True)
    written = []
    topics = {contract.topic for contract in known}
    for topic in [t for t, p in manifest.promises.items() if t not in topics and p.state == DRAFT]:
        del manifest.promises[topic]
        house.schema(topic).unlink(missing_ok=True)
        house.golden(topic).unlink(missing_ok=True)
        written.append(f"forgot {topic}")
    for contract in known:
        if _write_fact(house, manifest, contract, example):
            written.append(f"wrote {contract.topic}")
    manifest.save(house)
    for path, text in pages(house, known, read_by).items():
        path.write_text(text)
    return written


def _write_fact(house: House, manifest: Manifest, contract: Contract, example: Example) -> bool:
    topic, now = contract.topic, as_text(schema_of(contract))
    promise = manifest.promises.get(topic)
    schema, golden = house.schema(topic), house.golden(topic)
    if promise and promise.state == RELEASED:
        committed = schema.read_text() if schema.exists() else ""
        if digest(committed.encode()) != promise.schema or committed == now:
            return False
        if breaks(json.loads(committed), json.loads(now)):
            return False
        schema.write_text(now)
        manifest.promises[topic] = Promise(RELEASED, digest(now.encode()), promise.golden)
        return True
    try:
        fact = example(contract.model)
    except LookupError:
        return False
    if not _is_golden(golden, fact, contract):
        golden.write_bytes(golden_bytes(fact, contract.service))
    schema.write_text(now)
    made = Promise(DRAFT, digest(now.encode()), digest(golden.read_bytes()))
    manifest.promises[topic] = made
    return made != promise


def _is_golden(path: Path, fact: Fact, contract: Contract) -> bool:
    """Whether the golden file says what the example says: encoding draws a new id and salt each time."""
    if not path.exists() or read(state := path.read_bytes()).dataschema != contract.schema_id:
        return False
    return bool(opened(state, contract) == json.loads(fact.model_dump_json()))


def release(house: House) -> list[str]:
    """Every draft becomes a promise."""
    manifest = Manifest.load(house)
    drafts = [topic for topic, promise in manifest.promises.items() if promise.state == DRAFT]
    for topic in drafts:
        promise = manifest.promises[topic]
        manifest.promises[topic] = Promise(RELEASED, promise.schema, promise.golden)
    manifest.save(house)
    return drafts


def pages(house: House, known: Sequence[Contract], read_by: Consumers | None = None) -> Mapping[Path, str]:
    """What is made of all facts together, as it must be: facts.md, asyncapi.json, consumers.json."""
    if read_by is None:
        read_by = consumers.committed(house.consumers)
    found = entries(house, known, read_by)
    return {
        house.catalogue: catalogue(found),
        house.asyncapi: asyncapi.as_text(asyncapi.document(found, _version())),
        house.consumers: consumers.as_text(read_by),
    }


def _version() -> str:
    """The project's, as its builder reads it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])
