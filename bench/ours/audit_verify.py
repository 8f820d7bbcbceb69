"""Making a region's bundle, and judging it."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from bench.child import Go, Job, Sample
from services.audit.bundle.pieces import Trust
from services.audit.bundle.tampering.forging import Forge
from services.audit.bundle.verify import verify
from shared.kernel.notekeys import COSIGNATURE, Signer

SOURCES = ("/uk-london/assignments", "/uk-london/sessions", "/uk-london/training")
BYTES = 900
"""Of a fact, about as many as one with sealed fields has."""


def make_bundle(job: Job, go: Go) -> Sample:
    """Facts of three producers, signed, in a witnessed ledger."""
    go()
    began = time.monotonic()
    log, witness = Signer.new("uk-london/ledger"), Signer.new("witness", COSIGNATURE)
    producers = {source: Signer.new(source[1:]) for source in SOURCES}
    policy = f"log {log.vkey()}\nwitness one {witness.vkey()}\nquorum one\n"
    trust = Trust(log.vkey(), tuple(one.vkey() for one in producers.values()), policy)
    forge = Forge(log, (witness,), trust, datetime(2026, 9, 7, 8, 0, tzinfo=UTC))
    for number in range(job.count):
        source = SOURCES[number % len(SOURCES)]
        fact = {"id": str(UUID(int=number)), "type": "a.Fact.v1", "data": {"note": "x" * BYTES}}
        forge.add(source, number // len(SOURCES) + 1, json.dumps(fact).encode(), producers[source])
    _file(job).write_bytes(forge.bundle())
    return {"count": job.count, "seconds": time.monotonic() - began}


def audit_verify(job: Job, go: Go) -> Sample:
    with _file(job).open("rb", buffering=1 << 20) as file:
        go()
        began = time.monotonic()
        report = verify(file)
        seconds = time.monotonic() - began
    if not report.ok or report.facts != job.count:
        raise RuntimeError(f"{report.facts} of {job.count} facts, {report.found[:3]}")
    return {"count": report.facts, "seconds": seconds}


def _file(job: Job) -> Path:
    return Path(job.directory) / "bundle.tar"
