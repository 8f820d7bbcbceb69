"""Random passwords and keys of one data directory, kept in a file only its owner reads."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

FILE = "credentials.json"


def password(data: Path, name: str) -> str:
    """The password of `name`, made at first use. Called under the data directory's lock."""
    return kept(data, name, lambda: secrets.token_urlsafe(24))


def kept(data: Path, name: str, make: Callable[[], str]) -> str:
    """The secret of `name`, made at first use."""
    known = read(data)
    if name not in known:
        known[name] = make()
        write_private(data / FILE, json.dumps(known, indent=1))
    return known[name]


def read(data: Path) -> dict[str, str]:
    file = data / FILE
    return json.loads(file.read_text()) if file.exists() else {}


def write_private(file: Path, text: str) -> None:
    """Replaces a file at once, readable by its owner only from the first moment."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(file)
