"""Bundles, judged; and bundles with something else in them."""

import hashlib
import io
from functools import cache

from services.audit.bundle.archive import END, entry, every
from services.audit.bundle.opening import Trusted
from services.audit.bundle.report import Report
from services.audit.bundle.verify import verify
from tests.audit.bundle.made import (
    ledger_of,
)

SIZE = 300


def judged(bundle: bytes, trusted: Trusted | None = None) -> Report:
    return verify(io.BytesIO(bundle), trusted)


def found(bundle: bytes, trusted: Trusted | None = None) -> list[str]:
    return [str(one) for one in judged(bundle, trusted).found]


@cache
def honest() -> bytes:
    """Of a whole region, with nothing wrong."""
    return ledger_of(SIZE).bundle()


def rewritten(bundle: bytes, name: str, content: bytes | None) -> bytes:
    """The bundle with another content of one entry, and a digest that fits."""
    kept = [
        (one, content if one == name else was) for one, was in every(io.BytesIO(bundle)) if one != "sha256"
    ]
    parts = b"".join(entry(one, was) for one, was in kept if was is not None)
    return parts + entry("sha256", f"{hashlib.sha256(parts).hexdigest()}\n".encode()) + END


def contents(bundle: bytes) -> dict[str, bytes]:
    return dict(every(io.BytesIO(bundle)))
