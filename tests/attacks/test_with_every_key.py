"""The operator turns against the auditor: with the log's key, the producers' and the development witness's."""

import io

import httpx
import pytest

from services.audit.bundle.pieces import proof_text
from services.audit.bundle.tampering.taking_apart import Held, taken_apart
from services.audit.bundle.tampering.ways import WAYS
from services.audit.bundle.verify import verify
from services.audit.ledger.formats.checkpoint import Checkpoint
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.merkle import consistency_proof
from services.audit.ledger.formats.note import parse_note
from tests.attacks.house import House


def held(house: House) -> Held:
    return taken_apart(house.bundle(), house.keys)


@pytest.mark.parametrize("name", WAYS)
def test_a_bundle_made_dishonest_with_all_keys_of_the_house(house: House, name: str) -> None:
    way = WAYS[name]
    report = house.judged(way.damage(held(house)))
    assert set(report.counts) == {way.finding}
    assert report.exit_code == way.finding.exit_code


def test_an_auditor_who_kept_a_checkpoint_needs_nothing_else(house: House) -> None:
    pin = house.judged(house.bundle()).checkpoint
    house.ask_for_help()
    house.settle()
    kept = int(parse_note(pin).text.split("\n")[1])
    assert house.found(house.bundle(pin=kept), pin) == set()
    assert house.found(house.bundle(), pin) == set()
    rewritten = held(house)
    rewritten.forge.leaves[3] = rewritten.forge.leaves[4]
    assert Finding.INCONSISTENT.value in house.found(rewritten.forge.bundle(), pin)
    cut = held(house)
    del cut.forge.leaves[kept - 1 :], cut.forge.blobs[kept - 1 :]
    assert house.found(cut.forge.bundle(), pin) == {"ROLLBACK"}


def test_the_witness_does_not_cosign_a_second_history(house: House) -> None:
    """A fork for one auditor: the log signs it, the witness refuses, so it has no quorum."""
    fork = held(house).forge
    size = len(fork.leaves)
    fork.leaves[size // 2] = fork.leaves[size // 2 - 1]
    proof = consistency_proof(fork.reader(), size, size)
    answer = ask_witness(house, size, proof, fork.checkpoint(by=()))
    assert answer.status_code == 409
    assert house.found(fork.bundle(checkpoint=fork.checkpoint(by=()))) >= {"NO QUORUM"}


def test_the_witness_does_not_go_back(house: House) -> None:
    forge = held(house).forge
    size = len(forge.leaves)
    del forge.leaves[size - 2 :], forge.blobs[size - 2 :]
    answer = ask_witness(house, size - 2, [], forge.checkpoint(by=()))
    assert (answer.status_code, answer.text) == (409, f"{size}\n")
    assert house.found(forge.bundle(checkpoint=forge.checkpoint(by=()))) == {"NO QUORUM"}


def ask_witness(house: House, old: int, proof: list[bytes], note: bytes) -> httpx.Response:
    assert house.trusted.policy is not None
    (member,) = house.trusted.policy.witnesses.values()
    return httpx.post(f"{member.url}/add-checkpoint", content=proof_text(old, proof) + b"\n" + note)


def test_the_checkpoint_is_what_the_running_ledger_shows(house: House) -> None:
    shown = house.get("/ledger/checkpoint").content
    told = house.judged(house.bundle()).manifest
    assert told is not None
    assert Checkpoint.parse(parse_note(shown).text).size == told.size


def test_a_childs_bundle_says_what_it_can_not_prove(house: House) -> None:
    child = house.children[0]
    house.settle()
    bundle = house.bundle(f"children/{child}")
    report = house.judged(bundle)
    assert (report.found, report.facts > 1) == ([], True)
    assert any("these are all the facts" in line for line in report.not_proved())
    house.settle()
    later = house.judged(house.bundle(f"children/{child}"))
    assert later.facts > report.facts, "who was shown the record is on record"


def test_a_span_of_a_region_has_every_leaf_of_it(house: House) -> None:
    house.settle()
    whole = house.judged(house.bundle()).manifest
    at = house.sql("audit", "SELECT recorded_at FROM facts WHERE source = 'assignments' AND position = 20")[
        0
    ][0]
    report = house.judged(house.bundle(**{"from": at.isoformat()}))
    assert whole is not None
    assert report.manifest is not None
    assert report.found == []
    assert 0 < (report.manifest.begin or 0) < whole.size
    assert report.manifest.end == whole.size
    assert not any("these are all" in line for line in report.not_proved())


def test_a_concern_is_there_by_its_digest_for_whoever_may_not_read_it(house: House) -> None:
    child = house.children[0]
    body = {"child_id": child, "kind": "other", "details": "Said something."}
    house.post("assignments", "/concerns", role="coordinator", json=body)
    house.settle()
    mine, leads = (house.judged(house.bundle(role=role)) for role in ("auditor", "dsl"))
    assert (mine.found, leads.found) == ([], [])
    assert mine.withheld > leads.withheld == 0
    about, all_about = (
        house.judged(house.bundle(f"children/{child}", role=role)) for role in ("auditor", "dsl")
    )
    assert all_about.facts > about.facts, "that there is a concern is not for everybody either"


def test_whoever_may_not_take_it_gets_none(house: House) -> None:
    for role in ("mentor", "parent", "coordinator", "integrator"):
        assert house.get("/bundles/region", role=role).status_code == 403
    assert house.get(f"/bundles/children/{house.children[0]}", role="school").status_code == 403
    assert house.get("/bundles/region", pin=1_000_000).status_code == 200
    assert house.get("/bundles/region", pin=1).status_code == 404


def test_a_bundle_read_from_a_pipe_is_the_same(house: House) -> None:
    bundle = house.bundle()
    assert verify(io.BytesIO(bundle), house.trusted).exit_code == 0
