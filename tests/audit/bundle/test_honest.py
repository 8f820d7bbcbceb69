"""Honest bundles of every size: nothing is found, by us or by others, with or without the rest of this program."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from services.audit.bundle.verify import verify
from services.audit.ledger.formats.findings import EXIT_CODES, Finding
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.policy import Policy
from services.audit.ledger.formats.proof import Proof
from services.audit.ledger.formats.tiles import decode_entries
from tests.audit.bundle.judging import SIZE, honest, judged
from tests.audit.bundle.made import (
    PRODUCERS,
    Ledger,
    key,
    ledger_of,
    policy_text,
)

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 512, 700])
def test_an_honest_bundle_of_any_size_is_in_order(size: int) -> None:
    ledger = ledger_of(size)
    for bundle in (
        ledger.bundle(),
        ledger.bundle(pin=(size + 1) // 2),
        ledger.child_bundle(chosen=[index for index in range(size) if index % 97 == 3]),
        ledger.bundle(span=(size // 3, size - size // 4)),
    ):
        report = judged(bundle)
        assert (report.found, report.exit_code, report.wrong_use) == ([], 0, None)
        assert report.manifest is not None
        assert report.facts == report.manifest.facts


def test_a_tree_of_three_levels_is_in_order() -> None:
    ledger = Ledger()
    for number in range(65_600):
        ledger.tell("training", b"x", by=None) if number < 3 else ledger.leaves.append(ledger.leaves[0])
    ledger.blobs = [b"x"] * len(ledger.leaves)
    chosen = [0, 1, 2]
    report = judged(ledger.child_bundle(chosen=chosen))
    assert (report.found, report.facts) == ([], 3)


def test_the_same_facts_are_the_same_bytes(ledger: Ledger) -> None:
    assert ledger.bundle() == ledger_of(SIZE).bundle()


def test_what_others_read_of_it_is_what_we_wrote(ledger: Ledger) -> None:
    with tarfile.open(fileobj=io.BytesIO(ledger.bundle())) as archive:
        names = [member.name for member in archive]
        entries = archive.extractfile("tile/entries/000")
        assert entries is not None
        assert decode_entries(entries.read()) == ledger.leaves[:256]
        leaf = Leaf.decode(ledger.leaves[7])
        blob = archive.extractfile(f"facts{leaf.source}/0/{leaf.position}.json")
        assert blob is not None
        assert hashlib.sha256(blob.read()).hexdigest() == leaf.sha256
    assert {"checkpoint", "log.vkey", "witness.policy", "tile/1/000.p/1", "tile/0/001.p/44"} <= set(names)


def test_a_proof_of_a_single_fact_holds_too(ledger: Ledger) -> None:
    from services.audit.ledger.formats.merkle import inclusion_proof

    proof = Proof(17, tuple(inclusion_proof(ledger.reader(), 17, SIZE)), ledger.checkpoint())
    witnessed = proof.verify(ledger.leaves[17], Policy.parse(policy_text()))
    assert sorted(witnessed.cosigners) == ["ann", "ben"]


def test_signatures_verified_in_two_processes_are_the_same(ledger: Ledger) -> None:
    ledger.tell("audit", b"{}", by=replace(PRODUCERS["audit"], seed=key("thief").seed))
    report = verify(io.BytesIO(ledger.bundle()), jobs=2)
    assert [str(one) for one in report.found] == ["FORGED PRODUCER SIG @300"]


def test_every_finding_has_a_code_of_its_own() -> None:
    assert sorted(EXIT_CODES.values()) == list(range(10, 10 + len(Finding)))


LONELY = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"socket", "_socket", "psycopg", "sqlalchemy", "nats", "httpx", "fastapi", "pydantic",
                                  "asyncio", "orjson", "msgspec", "structlog"} and "--free" not in sys.argv:
            raise ImportError(f"{name} is not here")
sys.meta_path.insert(0, Nothing())
import io
from services.audit.bundle.verify import verify
print(verify(open(sys.argv[1], "rb")).exit_code)
print(sorted(name for name in sys.modules if name.split(".")[0] in {"shared", "services", "deploy"}))
"""


def test_it_runs_where_nothing_of_this_program_is_but_the_formats(tmp_path: Path) -> None:
    file = tmp_path / "b.tar"
    file.write_bytes(honest())
    ran = subprocess.run(
        [sys.executable, "-c", LONELY, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    code, modules = ran.stdout.splitlines()
    assert code == "0"
    beside = [
        name
        for name in json.loads(modules.replace("'", '"'))
        if not name.startswith(("services.audit.bundle", "services.audit.ledger.formats"))
    ]
    assert beside == [
        "services",
        "services.audit",
        "services.audit.ledger",
        "shared",
        "shared.kernel",
        "shared.kernel.notekeys",
    ]
