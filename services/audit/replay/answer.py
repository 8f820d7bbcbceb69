"""An answer that can be checked: what it rests on, and a hash that is the same on every machine."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def canonical(answer: Mapping[str, Any]) -> bytes:
    """The one way to write this answer: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with `result_sha256` over the rest of it."""
    return {**answer, "result_sha256": sha256(canonical(answer)).hexdigest()}
