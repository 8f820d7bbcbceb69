"""Yesterday's database comes back."""

from services.audit.bundle.tampering.rows import Change, bytes_in, written
from services.audit.bundle.tampering.ways import edited
from tests.attacks.house import House
from tests.support.waiting import eventually


def test_a_ledger_restored_from_a_backup_signs_nothing(house: House) -> None:
    house.settle()
    with house.copied("audit") as backup:
        house.ask_for_help()
        size = house.settle()
        with house.restored("audit", backup):
            refused = eventually(lambda: house.sql("audit", "SELECT refused FROM ledger_progress")[0][0], 20)
            assert f"a tree of {size} is signed" in refused
            kinds = {row[0] for row in house.sql("audit", "SELECT finding FROM ledger_findings")}
            assert "ROLLBACK" in kinds
            assert house.published() < size, "nothing was signed in its place"
        eventually(lambda: not house.sql("audit", "SELECT refused FROM ledger_progress")[0][0], 20)
    house.ask_for_help()
    assert house.settle() > size
    assert house.found(house.bundle()) == set()


def test_rows_deleted_in_a_store_are_missed_by_the_ledger(house: House) -> None:
    house.settle()
    row = house.databases.row("assignments", "stored_events", "notification_id = 5")
    with house.tampered(Change("assignments", "stored_events", row, None)):
        found = house.reconciled()
    assert [(one["finding"], one["source"], one["position"]) for one in found] == [
        ("ENTRY COUNT", "assignments", 5)
    ]


def test_a_fact_edited_in_its_own_store_is_told_by_the_ledger(house: House) -> None:
    row = house.databases.row("assignments", "stored_events", "notification_id = 5")
    otherwise = {**row, "state": written(edited(bytes_in(row["state"])))}
    with house.tampered(Change("assignments", "stored_events", row, otherwise)):
        found = house.reconciled()
    assert [(one["finding"], one["source"], one["position"]) for one in found] == [
        ("BLOB EDITED", "assignments", 5)
    ]
