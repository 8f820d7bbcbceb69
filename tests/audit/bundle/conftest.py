"""A ledger of a few hundred facts, to be spoilt."""

import pytest

from tests.audit.bundle.judging import SIZE
from tests.audit.bundle.made import (
    Ledger,
    ledger_of,
)


@pytest.fixture
def ledger() -> Ledger:
    return ledger_of(SIZE)
