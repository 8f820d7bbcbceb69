"""Waiting for a condition on real processes, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(found: Callable[[], T], seconds: float = 15) -> T:
    """The first truthy value of `found`; fails after `seconds`, naming the last value."""
    until = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < until, f"still {value!r} after {seconds} s"
        time.sleep(0.02)
    return value
