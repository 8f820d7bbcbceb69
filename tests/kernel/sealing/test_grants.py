"""Each service may make keys for exactly what its own facts keep."""

import shared.contracts.all  # noqa: F401
from shared.contracts.fact import contracts
from shared.kernel.sealing.grants import GRANTS


def test_each_service_makes_the_classes_of_its_own_facts() -> None:
    kept: dict[str, set[str]] = {service: set() for service in GRANTS}
    for contract in contracts():
        if contract.service in kept:
            kept[contract.service].update(contract.kept.values())
    assert {service: set(grant.makes) for service, grant in GRANTS.items()} == kept


def test_only_the_records_office_destroys() -> None:
    assert [service for service, grant in GRANTS.items() if grant.destroys] == ["audit"]
