"""What verify says of dishonest bundles: of each its own name and place."""

import hashlib
from dataclasses import replace

import pytest

from services.audit.bundle.layout import Kept
from services.audit.bundle.opening import Trusted
from services.audit.bundle.pieces import Earlier
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.leaf import Leaf
from services.audit.ledger.formats.merkle import consistency_proof
from services.audit.ledger.formats.policy import Policy
from tests.audit.bundle.judging import SIZE, found, judged
from tests.audit.bundle.made import (
    PRODUCERS,
    REGION,
    WITNESSES,
    Ledger,
    all_kept,
    blob_of,
    key,
    policy_text,
    trust,
)


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


def test_a_tile_made_to_fit_an_edited_leaf_is_not_the_one_that_the_tree_names(ledger: Ledger) -> None:
    before, checkpoint = ledger.tiles(), ledger.checkpoint()
    ledger.leaves[17] = ledger.leaves[17].replace(b"T08:00", b"T07:00")
    tiles = {**before, "tile/0/000": ledger.tiles()["tile/0/000"]}
    assert found(ledger.bundle(tiles=tiles, checkpoint=checkpoint)) == ["ROOT MISMATCH @tile/0/000"]


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
