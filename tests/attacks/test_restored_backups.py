"""Yesterday's database comes back."""

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
