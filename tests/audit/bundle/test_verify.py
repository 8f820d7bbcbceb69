"""What verify says of bundles: of honest ones nothing, of each dishonest one its own name and place."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from services.audit.bundle.archive import END, entry, every
from services.audit.bundle.layout import Kept
from services.audit.bundle.opening import Trusted
from services.audit.bundle.pieces import Earlier
from services.audit.bundle.report import Report
from services.audit.bundle.verify import verify
from services.audit.ledger.formats.findings import EXIT_CODES, Finding
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import consistency_proof
from services.audit.ledger.formats.policy import Policy
from services.audit.ledger.formats.proof import Proof
from services.audit.ledger.formats.tiles import decode_entries
from tests.audit.bundle.made import (
    PRODUCERS,
    REGION,
    WITNESSES,
    Ledger,
    all_kept,
    blob_of,
    key,
    ledger_of,
    policy_text,
    trust,
)

ROOT = Path(__file__).resolve().parents[3]
SIZE = 300


def judged(bundle: bytes, trusted: Trusted | None = None) -> Report:
    return verify(io.BytesIO(bundle), trusted)


def found(bundle: bytes, trusted: Trusted | None = None) -> list[str]:
    return [str(one) for one in judged(bundle, trusted).found]


@pytest.fixture
def ledger() -> Ledger:
    return ledger_of(SIZE)


@cache
def honest() -> bytes:
    return ledger_of(SIZE).bundle()


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


def test_a_fact_with_another_byte(ledger: Ledger) -> None:
    ledger.edit(17)
    assert found(ledger.bundle()) == ["BLOB EDITED @17"]


def test_a_fact_and_its_leaf_edited_together(ledger: Ledger) -> None:
    old, tiles = Leaf.decode(ledger.leaves[17]), ledger.tiles()
    checkpoint = ledger.checkpoint()
    leaf = replace(old, sha256=hashlib.sha256(ledger.edit(17)).hexdigest())
    ledger.leaves[17] = leaf.encode()
    report = judged(ledger.bundle(tiles=tiles, checkpoint=checkpoint))
    told = [str(one) for one in report.found]
    assert {"ROOT MISMATCH @17", "FORGED PRODUCER SIG @17"} <= set(told)
    assert report.exit_code == Finding.ROOT_MISMATCH.exit_code


def test_leaves_in_another_order(ledger: Ledger) -> None:
    tiles, checkpoint = ledger.tiles(), ledger.checkpoint()
    one, other = 20, 21
    ledger.leaves[one], ledger.leaves[other] = ledger.leaves[other], ledger.leaves[one]
    ledger.blobs[one], ledger.blobs[other] = ledger.blobs[other], ledger.blobs[one]
    told = found(ledger.bundle(tiles=tiles, checkpoint=checkpoint))
    assert {"ROOT MISMATCH @20", "ROOT MISMATCH @21"} <= set(told)


def test_tiles_made_to_fit_edited_leaves_do_not_lead_to_the_root(ledger: Ledger) -> None:
    checkpoint = ledger.checkpoint()
    ledger.leaves[280] = ledger.leaves[280].replace(b"T08:00", b"T07:00")
    assert "ROOT MISMATCH @root" in found(ledger.bundle(checkpoint=checkpoint))


def test_a_leaf_that_is_gone(ledger: Ledger) -> None:
    report = judged(ledger.bundle(without_leaves=[40]))
    assert "ENTRY COUNT @40" in [str(one) for one in report.found]
    assert report.exit_code == Finding.ENTRY_COUNT.exit_code


def test_the_last_leaf_that_is_gone(ledger: Ledger) -> None:
    assert "ENTRY COUNT @299" in found(ledger.bundle(without_leaves=[299]))
    assert "ENTRY COUNT @manifest" in found(ledger.child_bundle(chosen=[3, 299], without_leaves=[299]))


def test_a_fact_that_is_gone(ledger: Ledger) -> None:
    ledger.blobs[0] = ledger.blobs[41] = None
    assert found(ledger.bundle()) == ["MISSING BLOB @0", "MISSING BLOB @41"]


def test_a_fact_deleted_with_a_certificate_as_the_excuse(ledger: Ledger) -> None:
    assert found(ledger.bundle(kept={41: Kept.ERASED})) == ["BAD CERTIFICATE @41"]


def test_an_older_checkpoint_than_the_auditor_has(ledger: Ledger) -> None:
    pin = ledger.checkpoint()
    del ledger.leaves[250:], ledger.blobs[250:]
    assert found(ledger.bundle(), Trusted(pin=pin)) == ["ROLLBACK @250"]


@pytest.mark.parametrize("pinned", [1, 100, 256, 299, 300])
def test_a_history_written_anew_and_signed_again(ledger: Ledger, pinned: int) -> None:
    pin = ledger.checkpoint(pinned)
    assert found(ledger.bundle(), Trusted(pin=pin)) == []
    other = Ledger()
    other.tell("training", blob_of("training.SomethingElse.v1", 0))
    for blob in ledger.blobs[1:]:
        other.tell("training", blob or b"")
    assert found(other.bundle(), Trusted(pin=pin)) == [f"INCONSISTENT @{pinned}"]
    honest_proof = tuple(consistency_proof(other.reader(), pinned, SIZE))
    inside = other.bundle(earlier=Earlier(pin, honest_proof))
    assert found(inside) == [f"INCONSISTENT @{pinned}"]


def test_a_pin_that_the_bundle_does_not_reach_is_no_pass(ledger: Ledger) -> None:
    report = judged(ledger.child_bundle(chosen=[299]), Trusted(pin=ledger.checkpoint(100)))
    assert report.found == []
    assert (report.ok, report.exit_code) == (False, 2)
    assert "--pin" in (report.wrong_use or "")
    reaching = ledger.child_bundle(chosen=[299], pin=100)
    assert judged(reaching, Trusted(pin=ledger.checkpoint(100))).exit_code == 0


def test_a_fork_that_the_witnesses_have_not_seen(ledger: Ledger) -> None:
    alone = ledger.checkpoint(by=WITNESSES[:1])
    assert found(ledger.bundle(checkpoint=alone)) == ["NO QUORUM @checkpoint"]
    strangers = [replace(one, seed=key("stranger").seed) for one in WITNESSES]
    assert found(ledger.bundle(checkpoint=ledger.checkpoint(by=strangers))) == ["NO QUORUM @checkpoint"]


def test_the_operators_own_policy_does_not_make_a_quorum_for_the_auditor(ledger: Ledger) -> None:
    ledger.trust = trust(policy_text(1))
    lax = ledger.bundle(checkpoint=ledger.checkpoint(by=WITNESSES[:1]))
    assert found(lax) == []
    assert found(lax, Trusted(policy=Policy.parse(policy_text(2)))) == ["NO QUORUM @checkpoint"]


def test_another_fact_at_a_place_that_is_taken(ledger: Ledger) -> None:
    ledger.tell("training", blob_of("training.Other.v1", 1), position=3)
    assert found(ledger.bundle()) == ["EQUIVOCATION @300"]


def test_the_same_fact_twice(ledger: Ledger) -> None:
    first = next(blob for blob in ledger.blobs if blob and b'"training.' in blob)
    ledger.tell("training", first, position=1)
    assert found(ledger.bundle()) == ["ENTRY COUNT @300"]


def test_a_fact_that_the_relay_left_out(ledger: Ledger) -> None:
    ledger.positions["training"] += 1
    ledger.tell("training", blob_of("training.Later.v1", 1))
    assert found(ledger.bundle()) == ["SEQ GAP @300"]
    assert found(ledger.bundle(span=(290, 301))) == ["SEQ GAP @300"]


def test_a_producer_that_does_not_begin_at_one() -> None:
    ledger = Ledger()
    ledger.tell("training", b"{}", position=2)
    assert found(ledger.bundle()) == ["SEQ GAP @0"]


def test_a_fact_of_somebody_elses_making(ledger: Ledger) -> None:
    ledger.tell("training", b"{}", by=key(f"{REGION}/training-2"))
    ledger.tell("sessions", b"{}", by=PRODUCERS["training"])
    ledger.tell("audit", b"{}", by=replace(PRODUCERS["audit"], seed=key("thief").seed))
    assert found(ledger.bundle()) == [f"FORGED PRODUCER SIG @{at}" for at in (300, 301, 302)]


def test_a_signature_of_another_fact(ledger: Ledger) -> None:
    mine = [at for at in range(SIZE) if b"/training\n" in ledger.leaves[at]][:2]
    one, other = (Leaf.decode(ledger.leaves[at]) for at in mine)
    ledger.leaves[mine[0]] = replace(one, signature=other.signature).encode()
    assert found(ledger.bundle()) == [f"FORGED PRODUCER SIG @{mine[0]}"]


def test_the_bundles_own_keys_do_not_vouch_for_a_forger(ledger: Ledger) -> None:
    thief = replace(PRODUCERS["training"], seed=key("thief").seed)
    ledger.tell("training", b"{}", by=thief)
    ledger.trust = trust(None, thief)
    bundle = ledger.bundle()
    assert found(bundle) == []
    mine = tuple(one.verifier for one in PRODUCERS.values())
    assert found(bundle, Trusted(producers=mine)) == ["FORGED PRODUCER SIG @300"]


def test_a_fact_that_nobody_signed(ledger: Ledger) -> None:
    ledger.leaves[5] = replace(Leaf.decode(ledger.leaves[5]), signature="-").encode()
    assert found(ledger.bundle()) == ["UNSIGNED @5"]


def certified(ledger: Ledger, *acknowledged: tuple[str, int], erasure: str = "e1") -> int:
    told = [{"service": service, "position": position, "rows": 3} for service, position in acknowledged]
    return ledger.tell(
        "audit", blob_of("audit.ErasureCertified.v1", 9, erasure_id=erasure, acknowledged=told)
    )


def test_a_certificate_is_held_against_what_the_services_acknowledged(ledger: Ledger) -> None:
    ledger.tell("training", blob_of("training.SubjectForgotten.v1", 1, erasure_id="e1"))
    place = ("training", ledger.positions["training"])
    certified(ledger, place)
    report = judged(ledger.bundle())
    assert (report.found, report.certificates) == ([], 1)
    false = [
        certified(ledger, place, erasure="e2"),
        certified(ledger, place, ("sessions", 1)),
        certified(ledger, ("sessions", 10_000)),
        certified(ledger),
    ]
    assert found(ledger.bundle()) == [f"BAD CERTIFICATE @{at}" for at in false]


def test_withheld_facts_are_counted_and_said(ledger: Ledger) -> None:
    report = judged(ledger.bundle(kept=all_kept([3, 4], Kept.WITHHELD)))
    assert (report.found, report.withheld) == ([], 2)
    assert any("2 facts" in line for line in report.not_proved())


def rewritten(bundle: bytes, name: str, content: bytes | None) -> bytes:
    """The bundle with another content of one entry, and a digest that fits."""
    kept = [
        (one, content if one == name else was) for one, was in every(io.BytesIO(bundle)) if one != "sha256"
    ]
    parts = b"".join(entry(one, was) for one, was in kept if was is not None)
    return parts + entry("sha256", f"{hashlib.sha256(parts).hexdigest()}\n".encode()) + END


def contents(bundle: bytes) -> dict[str, bytes]:
    return dict(every(io.BytesIO(bundle)))


@pytest.mark.parametrize("name", [name for name in contents(honest()) if not name.startswith("facts")])
def test_without_any_of_its_entries_it_can_not_be_read(name: str) -> None:
    told = found(rewritten(honest(), name, None) if name != "sha256" else honest()[:-2048] + END)
    assert "PARSE ERROR" in " ".join(told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"size": 300', b'"size": 3e2'),
        (b'"size": 300', b'"size": 0300'),
        (b'"size": 300', b'"size": 300.0'),
        (b'"size": 300', b'"size": true'),
        (b'"size": 300', b'"size": 100000000000000000000'),
        (b'"size": 300', b'"size": 301'),
        (b'"facts": 300', b'"facts": -1'),
        (b'"size": 300', b'"size":  300'),
        (b'"size": 300', b'"size": 300,\n "size": 300'),
        (b'"format": "alongside-bundle/v1"', b'"format": "alongside-bundle/v2"'),
    ],
)
def test_a_manifest_has_one_spelling(old: bytes, new: bytes) -> None:
    manifest = contents(honest())["manifest.json"]
    assert old in manifest
    (told,) = found(rewritten(honest(), "manifest.json", manifest.replace(old, new, 1)))
    assert told.startswith("PARSE ERROR")


def test_a_leaf_has_one_spelling(ledger: Ledger) -> None:
    old = ledger.leaves[9]
    position = b"\n%d\n" % Leaf.decode(old).position
    new = old.replace(position, b"\n0" + position[1:], 1)
    entries = contents(honest())["tile/entries/000"]
    changed = entries.replace(len(old).to_bytes(2, "big") + old, len(new).to_bytes(2, "big") + new)
    assert changed != entries
    report = judged(rewritten(honest(), "tile/entries/000", changed))
    assert [str(one) for one in report.found] == ["ROOT MISMATCH @9", "PARSE ERROR @9"]
    assert report.exit_code == Finding.PARSE_ERROR.exit_code


def test_an_entry_twice_or_in_another_place() -> None:
    parts = [entry(name, content) for name, content in contents(honest()).items()]
    for order in ([*parts[:3], parts[2], *parts[3:]], [parts[1], parts[0], *parts[2:]]):
        told = found(b"".join(order) + END)
        assert told[-1].startswith("PARSE ERROR")
    assert found(b"".join(parts) + END) == []


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    import gzip
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(10_000_000))
    huge = bytearray(entry("manifest.json", b"x"))
    huge[124:136] = b"77777777777\0"
    for bundle in (
        packed.getvalue(),
        gzip.compress(honest()),
        bytes(huge),
        b"",
        bytes(10_000),
        b"\xff" * 512,
    ):
        (told,) = found(bundle)
        assert told.startswith("PARSE ERROR")


@pytest.mark.parametrize("kind", ["symlink", "outside", "pax", "sparse", "mtime"])
def test_a_tar_that_is_not_written_as_ours_is_none(kind: str) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("../../etc/passwd" if kind == "outside" else "manifest.json")
        if kind == "symlink":
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        if kind == "pax":
            info.pax_headers = {"comment": "x"}
        if kind == "sparse":
            info.type = tarfile.GNUTYPE_SPARSE
        info.mtime = 1 if kind == "mtime" else 0
        archive.addfile(info)
    (told,) = found(packed.getvalue())
    assert told.startswith("PARSE ERROR")


def test_the_end_cut_off_or_something_behind_it() -> None:
    bundle = honest()
    for bad in (bundle[:-1], bundle[:-1024], bundle[: len(bundle) // 2], bundle + b"\0", bundle + bundle):
        assert judged(bad).exit_code == Finding.PARSE_ERROR.exit_code


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
