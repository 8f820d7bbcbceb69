"""A Bitstring Status List 1.0: a bit for each place, turned on for what was revoked."""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from services.training.badges.achievements import issuer
from services.training.badges.credential import list_address
from services.training.badges.projection import BITS

FRESH_SECONDS = 300
"""For how long a list may be kept by those who fetched it."""
COUNTS = timedelta(hours=25)
"""An older list is no list: else an old copy would bring back what was revoked."""


def bitstring(places: Iterable[int]) -> bytes:
    """The first place is the leftmost bit of the first byte."""
    bits = bytearray(BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> (place % 8)
    return bytes(bits)


def encoded(bits: bytes) -> str:
    """GZIP, then base64url without padding, in the multibase that begins with u. The same bits, the same text."""
    return "u" + urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode()


def status_list(number: int, revoked: Iterable[int], now: datetime) -> dict[str, Any]:
    """The list as a credential of this hour, so that within it the same bits are the same text."""
    since = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": list_address(number),
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer()["id"],
        "validFrom": _moment(since),
        "validUntil": _moment(since + COUNTS),
        "credentialSubject": {
            "id": f"{list_address(number)}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(bitstring(revoked)),
            "ttl": FRESH_SECONDS * 1000,
        },
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
