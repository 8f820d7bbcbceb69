"""From which day on a fact has its effect, by its own dates: apart from when it was recorded."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from shared.contracts.fact import find_contract

FIRST = (
    "effective_from",
    "valid_from",
    "paused_from",
    "leave_from",
    "absent_from",
    "starts_on",
    "starts_at",
)
"""What says it outright; else the first field whose name ends so."""
ENDINGS = ("_on", "_from", "_at")


def effective_on(topic: str, data: Mapping[str, Any], recorded_at: datetime) -> date:
    """The day by the fact's dates; that of recording where it has none, or none that can be read."""
    for name in _fields(topic, tuple(data)):
        try:
            return date.fromisoformat(str(data[name])[:10])
        except (KeyError, ValueError):
            continue
    return recorded_at.date()


@lru_cache(maxsize=2000)
def _fields(topic: str, given: tuple[str, ...]) -> tuple[str, ...]:
    contract = find_contract(topic)
    names = tuple(contract.model.model_fields) if contract else given
    return (
        *(name for name in FIRST if name in names),
        *(name for ending in ENDINGS for name in names if name.endswith(ending)),
    )
