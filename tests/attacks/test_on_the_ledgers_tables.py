"""Somebody with the database's superuser changes what the ledger keeps."""

import pytest

from services.audit.bundle.tampering.systems import SYSTEM_WAYS
from services.audit.ledger.formats.findings import Finding
from tests.attacks.house import House


def test_an_untouched_ledger_is_in_order(house: House) -> None:
    size = house.settle()
    report = house.judged(house.bundle())
    assert (report.found, report.wrong_use) == ([], None)
    assert report.facts == size > 20


@pytest.mark.parametrize("way", [name for name, way in SYSTEM_WAYS.items() if not way.in_a_store])
def test_what_a_database_administrator_does_is_found_in_the_bundle(house: House, way: str) -> None:
    house.settle()
    chosen = SYSTEM_WAYS[way]
    with house.tampered(*chosen.changes(house.databases)):
        report = house.judged(house.bundle())
    also = {Finding.INCONSISTENT} if way == "tile-edited" else set()
    assert {chosen.finding} <= set(report.counts) <= {chosen.finding} | also
    assert report.exit_code == chosen.finding.exit_code
    assert house.found(house.bundle()) == set()


@pytest.mark.parametrize("way", [name for name, way in SYSTEM_WAYS.items() if way.in_a_store])
def test_what_he_does_to_a_store_is_found_by_reconciling(house: House, way: str) -> None:
    house.settle()
    chosen = SYSTEM_WAYS[way]
    (change,) = chosen.changes(house.databases)
    assert change.before is not None
    with house.tampered(change):
        found = house.reconciled()
    told = [(one["finding"], one["source"], one["position"]) for one in found]
    assert told == [(chosen.finding, change.service, change.before["notification_id"])]
    assert house.reconciled() == []
