"""An answer that can be checked: what it rests on, and a hash that is the same on every machine."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def canonical(answer: Mapping[str, Any]) -> bytes:
    """The one way to write this answer: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(answer: Mapping[str, Any], ledger: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The answer with `result_sha256` over the rest of it, and beside both the witnessed tree it names.

    The tree is not in the hash: two machines with the same facts give the same answer, whatever proves it.
    """
    digest = sha256(canonical(answer)).hexdigest()
    return {**answer, "ledger": None if ledger is None else dict(ledger), "result_sha256": digest}
