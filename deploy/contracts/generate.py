"""Writes what is generated from the contracts: schemas, golden files of drafts, manifest and catalogue."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from deploy.contracts.catalogue import catalogue
from deploy.contracts.compatibility import breaks
from deploy.contracts.releases import (
    DRAFT,
    RELEASED,
    House,
    Manifest,
    Promise,
    digest,
    golden_bytes,
    golden_data,
)
from shared.contracts.fact import Contract, Fact
from shared.contracts.schema import as_text, schema_of
from shared.kernel.sealing.cipher import SealBroken

Example = Callable[[type[Fact]], Fact]


def write(house: House, known: Sequence[Contract], example: Example) -> list[str]:
    """Generate what may change, and return what was written; a broken promise is left for the check."""
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
    shown = [c for c in known if c.topic in manifest.promises and house.golden(c.topic).exists()]
    house.catalogue.write_text(page(house, shown))
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
    # Encoding draws a new id and salt, so a draft's golden file is only made again when its content changed.
    if not (golden.exists() and _data(golden, contract) == json.loads(fact.model_dump_json())):
        golden.write_bytes(golden_bytes(fact, contract.service))
    schema.write_text(now)
    made = Promise(DRAFT, digest(now.encode()), digest(golden.read_bytes()))
    manifest.promises[topic] = made
    return made != promise


def release(house: House) -> list[str]:
    """Every draft becomes a promise."""
    manifest = Manifest.load(house)
    drafts = [topic for topic, promise in manifest.promises.items() if promise.state == DRAFT]
    for topic in drafts:
        promise = manifest.promises[topic]
        manifest.promises[topic] = Promise(RELEASED, promise.schema, promise.golden)
    manifest.save(house)
    return drafts


def page(house: House, known: Sequence[Contract]) -> str:
    """The catalogue as it must be."""
    promises = Manifest.load(house).promises
    return catalogue(
        (c, schema_of(c), _data(house.golden(c.topic), c), promises[c.topic].state) for c in known
    )


def _data(golden: Path, contract: Contract) -> dict[str, Any] | None:
    """What a golden file holds, opened; None when it can't be: then it is to be made again, or found broken."""
    try:
        found: dict[str, Any] = json.loads(golden_data(golden.read_bytes(), contract))
    except (SealBroken, KeyError):
        return None
    return found
