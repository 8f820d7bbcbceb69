"""What differs between two schemas, in sentences: everything that the check of breaking changes sees, too."""

import pytest

from deploy.contracts.compatibility import breaks
from deploy.contracts.differences import differences
from shared.contracts.fact import Fact, contract_of
from shared.contracts.schema import Schema, schema_of
from tests.contracts.specimens import HARMFUL, HARMLESS, KiteFlown, Undescribed
from tests.contracts.versions import BOTH, CHANGES


def schema(model: type[Fact]) -> Schema:
    return schema_of(contract_of(model))


def test_two_versions_differ_by_what_was_changed() -> None:
    assert differences(schema_of(BOTH[0]), schema_of(BOTH[1])) == list(CHANGES)


@pytest.mark.parametrize("change", [*HARMFUL, *HARMLESS], ids=lambda model: model.__name__)
def test_nothing_that_changed_goes_untold(change: type[Fact]) -> None:
    before, after = schema(KiteFlown), schema(change)
    assert differences(before, after)
    if breaks(before, after):
        assert differences(after, before)


def test_a_fact_does_not_differ_from_itself() -> None:
    assert differences(schema(KiteFlown), schema(KiteFlown)) == []


def test_a_meaning_that_went_away_is_told() -> None:
    assert "minutes now means: " in differences(schema(KiteFlown), schema(Undescribed))
