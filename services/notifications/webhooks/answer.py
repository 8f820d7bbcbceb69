"""What came back from an attempt, cut to what is worth keeping, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal, TypeAlias

MOST_KEPT = 2000
"""Bytes of an answer that the log keeps, and characters of its headers."""
_NOT_KEPT = {"set-cookie", "authorization", "proxy-authorization", "www-authenticate"}

Verdict: TypeAlias = Literal["taken", "gone", "later", "not_taken"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an attempt. Without a `status` there was no answer, and `error` says why."""

    sent: Mapping[str, str]
    took_ms: int
    status: int | None = None
    headers: Mapping[str, str] | None = None
    body: str | None = None
    error: str | None = None
    wished: timedelta | None = None

    @property
    def verdict(self) -> Verdict:
        """2xx: taken. 410: gone for good. 429 and 503: ask later. All else, also a redirect: not taken."""
        match self.status:
            case int(status) if 200 <= status < 300:
                return "taken"
            case 410:
                return "gone"
            case 429 | 503:
                return "later"
            case _:
                return "not_taken"


def told(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    found: dict[str, str] = {}
    left = MOST_KEPT
    for name, value in headers:
        key, said = name.decode("latin-1").lower(), value.decode("latin-1").replace("\0", "")
        if key in _NOT_KEPT:
            continue
        left -= len(key) + len(said)
        if left < 0:
            break
        found[key] = said
    return found


def wished_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After in either of its forms; None when there is none that can be read."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said[:9]), 10**8))
    try:
        return max(parsedate_to_datetime(said).astimezone(UTC) - now, timedelta()) if said else None
    except (ValueError, TypeError):
        return None
