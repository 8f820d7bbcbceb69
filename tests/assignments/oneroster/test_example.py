"""The roster that the documentation shows is as the standard wants it."""

import io
from pathlib import Path

import pytest

from services.assignments.oneroster.rosters import read_roster
from tests.assignments.oneroster.rosters import packed

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples" / "oneroster"


@pytest.mark.parametrize("folder", [EXAMPLES, EXAMPLES / "delta"], ids=lambda folder: folder.name)
def test_the_example_has_neither_flaws_nor_oddities(folder: Path) -> None:
    read = read_roster(io.BytesIO(packed({file.name: file.read_bytes() for file in folder.glob("*.csv")})))
    assert (read.flaws, read.notes) == ([], [])
    assert read.rows["users"]
