"""Published test vectors: read where ALONGSIDE_VECTORS says, else beside the checkout."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

NAMED = "ALONGSIDE_VECTORS"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors"


def vectors(folder: str) -> Path:
    """The folder of vectors. A run that names them must find them; any other is skipped, and says so."""
    named = os.environ.get(NAMED)
    found = (Path(named) if named else BESIDE) / folder
    if not found.exists():
        if named:
            pytest.fail(f"{NAMED} names {named}, where there is no {folder}")
        pytest.skip(f"no published vectors at {found}; {NAMED} says where they are")
    return found


def read(file: Path) -> Any:
    return json.loads(file.read_text())


def wycheproof(file: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(group, case) of one of Project Wycheproof's files."""
    groups = read(vectors("wycheproof") / file)["testGroups"]
    return [(group, case) for group in groups for case in group["tests"]]
