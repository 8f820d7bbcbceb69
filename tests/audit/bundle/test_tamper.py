"""Every way of tampering with a bundle is found out, by its name and no other."""

import io
from collections.abc import Mapping

import pytest

from services.audit.bundle.tampering.taking_apart import Unfit, taken_apart
from services.audit.bundle.tampering.ways import WAYS
from services.audit.bundle.verify import verify
from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.formats.note import Signer
from tests.audit.bundle.made import LOG, PRODUCERS, WITNESSES, ledger_of

KEYS: Mapping[str, Signer] = {one.name: one for one in (LOG, *WITNESSES[:2], *PRODUCERS.values())}


@pytest.fixture(scope="module")
def bundle() -> bytes:
    return ledger_of(300).bundle()


@pytest.mark.parametrize("name", WAYS)
def test_it_is_found_out(name: str, bundle: bytes) -> None:
    report = verify(io.BytesIO(WAYS[name].damage(taken_apart(bundle, KEYS))))
    assert set(report.counts) == {WAYS[name].finding}
    assert report.exit_code == WAYS[name].finding.exit_code


def test_taken_apart_and_put_together_it_is_the_same(bundle: bytes) -> None:
    held = taken_apart(bundle, KEYS)
    assert held.forge.bundle() == bundle


def test_without_the_logs_key_nobody_signs(bundle: bytes) -> None:
    held = taken_apart(bundle, {name: key for name, key in KEYS.items() if name != LOG.name})
    report = verify(io.BytesIO(WAYS["rewritten"].damage(held)))
    assert {Finding.INCONSISTENT, Finding.NO_QUORUM} == set(report.counts)


def test_only_a_whole_regions_bundle_is_taken_apart() -> None:
    with pytest.raises(Unfit):
        taken_apart(ledger_of(9).child_bundle([1]), KEYS)
    with pytest.raises(Unfit):
        taken_apart(b"nothing", KEYS)


def test_there_is_a_way_for_every_finding() -> None:
    assert {way.finding for way in WAYS.values()} == set(Finding)
