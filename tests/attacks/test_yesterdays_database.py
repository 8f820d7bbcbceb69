"""A database comes back from a backup. This comes last: the ledger signs nothing from there on."""

from tests.attacks.house import House
from tests.support.waiting import eventually


def test_a_ledger_restored_from_a_backup_signs_nothing(house: House) -> None:
    house.settle()
    backup = house.backed_up("audit")
    house.ask_for_help()
    size = house.settle()
    before = house.bundle()
    house.restore("audit", backup)
    refused = eventually(lambda: house.sql("audit", "SELECT refused FROM ledger_progress")[0][0], 20)
    assert f"a tree of {size} is signed" in refused
    assert house.published() < size, "nothing was signed in its place"
    (finding,) = eventually(lambda: house.noted("ROLLBACK"))
    assert str(size) in finding["detail"]
    pin = house.judged(before).checkpoint
    assert "ROLLBACK" in house.found(house.bundle(), pin), "and an auditor who was there before sees it too"
