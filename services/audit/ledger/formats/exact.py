"""Numbers and hashes in text, each in one spelling only: a second spelling would be a second leaf."""

import base64
import re

from shared.kernel.notekeys import Malformed as Malformed
from shared.kernel.notekeys import unbase64 as unbase64

LARGEST = 2**63 - 1
"""No size, index, position or time is larger: it is what the standards' other programs can hold."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")  # bounded before int() sees it


def decimal(text: str) -> int:
    """A whole number from 0 to 2**63-1, in ASCII digits, without leading zeroes, sign or space."""
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > LARGEST:
        raise Malformed(f"not a canonical decimal number: {text[:30]!r}")
    return number


def hash_line(text: str) -> bytes:
    """Base64 of exactly 32 bytes."""
    found = unbase64(text)
    if len(found) != 32:
        raise Malformed(f"a hash has 32 bytes, this one {len(found)}")
    return found


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def text_of(data: bytes, limit: int) -> str:
    """UTF-8 within `limit` bytes, without control characters other than the newline."""
    if len(data) > limit:
        raise Malformed(f"longer than {limit} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error
    if _CONTROL.search(text):
        raise Malformed("a control character other than the newline")
    return text
