"""How a fact travels, as schemas: the CloudEvent around it, and the headers of its message on the bus."""

from hashlib import sha256
from typing import Any

from shared.contracts.schema import Schema
from shared.kernel.bus.frames import CONTENT_TYPE, POSITION, PREVIOUS
from shared.kernel.envelope import SIGNATURE
from shared.kernel.notekeys import Signer
from shared.kernel.signing import signed_text

MESSAGE_ID = "Nats-Msg-Id"

# Published, so that a signature among the examples can be checked by whoever reads them.
EXAMPLE_SEED = sha256(b"alongside: what the signatures of examples are made with").digest()


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


CLOUD_EVENT: Schema = {
    "type": "object",
    "description": "A CloudEvent 1.0 in structured JSON: exactly the bytes that the store keeps, wherever it arrives.",
    "properties": {
        "specversion": _text("of CloudEvents", const="1.0"),
        "id": _text(
            "the fact's own id, a UUIDv7; the same wherever and however often it arrives", format="uuid"
        ),
        "source": _text("/<region>/<service>: who recorded it", format="uri-reference"),
        "type": _text("its topic <service>.<Fact>.v<major>", pattern=r"^[a-z]+\.[A-Za-z]+\.v[1-9][0-9]*$"),
        "subject": _text("<aggregate>/<id>: what it happened to", pattern=r"^[a-z_]+/[0-9a-f-]{36}$"),
        "time": _text("when it was recorded, UTC", format="date-time"),
        "datacontenttype": _text("of data", const="application/json"),
        "dataschema": _text("the name of the schema of data; names no host", format="uri"),
        "region": _text("where it was recorded, and where it stays"),
        "streamversion": {
            "type": "integer",
            "minimum": 1,
            "description": "its number among the facts of the same subject, from 1 and without gaps",
        },
        "correlationid": _text("the same for everything that follows from one request"),
        "causationid": _text("the id of the request, or of the fact, that led to this one"),
        "actor": _text("who caused it: <role>:<name>, policy:<name> or due:<kind>"),
        "salt": _text("chance, so that nobody finds the bytes of a digest by guessing"),
        "data": {"type": "object", "description": "what happened: see the schema of its type"},
    },
    "required": [
        *("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema"),
        *("region", "streamversion", "correlationid", "causationid", "actor", "data"),
    ],
}

HEADERS: Schema = {
    "type": "object",
    "description": "The headers of a fact's message on the bus.",
    "properties": {
        POSITION: _text(
            "its position in its service's store, which is its sequence in the stream",
            pattern="^[1-9][0-9]*$",
        ),
        PREVIOUS: _text(
            "the position of the fact before it in the same partition, 0 for the first: who reads a few partitions "
            "finds a gap by it",
            pattern="^[0-9]+$",
        ),
        MESSAGE_ID: _text("<region>-<service>-<position>: the same however often it is sent"),
        SIGNATURE: _text(
            "base64 of four bytes that tell the key and the service's 64 bytes of Ed25519 over five lines: "
            "alongside-leaf/v1, source, position, SHA-256 of the payload in hex, its length in bytes",
            contentEncoding="base64",
        ),
        "content-type": _text("of the payload", const=CONTENT_TYPE),
    },
    "required": [POSITION, PREVIOUS, MESSAGE_ID, "content-type"],
}


def example_signer(region: str, service: str) -> Signer:
    """What the examples of a service are signed with; a real service's key is its own."""
    return Signer(f"{region}/{service}", EXAMPLE_SEED)


def example_headers(state: bytes, region: str, service: str) -> dict[str, str]:
    """The headers of an example: the first fact of its store, signed."""
    text = signed_text(f"/{region}/{service}", 1, sha256(state).hexdigest(), len(state))
    return {
        POSITION: "1",
        PREVIOUS: "0",
        MESSAGE_ID: f"{region}-{service}-1",
        SIGNATURE: example_signer(region, service).signature(text),
        "content-type": CONTENT_TYPE,
    }
