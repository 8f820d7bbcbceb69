"""The fact every contender stores: a CloudEvent of about 600 bytes. Standard library only."""

import json
import uuid
from typing import Any

TYPE = "bench.SessionLogged.v1"
AGGREGATES = 1_000


def aggregate(number: int) -> uuid.UUID:
    """The same number always gives the same aggregate."""
    return uuid.UUID(int=(0x7D1D2C1E5A3B7F6E8A9B << 48) | number)


def data(number: int) -> dict[str, Any]:
    """The domain's part: about 200 bytes of JSON."""
    return {
        "mentor_id": "0190f3a2-7c1b-7e55-9d3a-00000000002a",
        "child_id": str(aggregate(number % AGGREGATES)),
        "minutes": 45,
        "area": "reading",
        "effective_on": "2025-11-03",
        "note": "Read two chapters aloud.",
    }


def envelope(number: int, subject: uuid.UUID | None = None, version: int = 1) -> dict[str, Any]:
    """The complete CloudEvent as a dictionary; `number` makes its id unique."""
    return {
        "specversion": "1.0",
        "id": str(uuid.UUID(int=(0x0190F3A27C1B7E559D3B << 48) | number)),
        "source": "/uk-london/bench",
        "type": TYPE,
        "subject": f"session/{subject or aggregate(number % AGGREGATES)}",
        "time": "2025-11-03T10:49:12.123456Z",
        "datacontenttype": "application/json",
        "region": "uk-london",
        "streamversion": version,
        "correlationid": "0190f3a2-7c1b-7e55-9d3a-0000000003e8",
        "causationid": "",
        "actor": "mentor-42",
        "salt": "c29tZSBzYWx0IG9mIDE2IGI",
        "data": data(number),
    }


def encoded(number: int, subject: uuid.UUID | None = None, version: int = 1) -> bytes:
    """The bytes that are stored."""
    return json.dumps(envelope(number, subject, version), separators=(",", ":")).encode()


# Contenders that need no distinct bytes take these in turn, so that building JSON is not what is measured.
SAMPLES = tuple(encoded(number) for number in range(AGGREGATES))
