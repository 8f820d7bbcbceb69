"""The ways over HTTP, as AsyncAPI channels: the feed of a service, its stream of server-sent events, webhooks."""

from collections.abc import Sequence
from typing import Any

from shared.contracts.schema import Schema
from shared.kernel.bus.frames import CONTENT_TYPE

EVENT = {"$ref": "#/components/schemas/CloudEvent"}

FEED_PAGE: Schema = {
    "type": "object",
    "description": "Facts in the order of their store, byte for byte as they were recorded.",
    "properties": {
        "facts": {"type": "array", "items": EVENT, "description": "the CloudEvents"},
        "positions": {
            "type": "array",
            "items": {"type": "integer"},
            "description": "of each of the facts; what you may not see leaves its position out",
        },
        "after": {"type": "integer", "description": "the position to ask for next"},
        "head": {"type": "integer", "description": "the newest position of the store"},
    },
    "required": ["facts", "positions", "after", "head"],
}
DELIVERY_HEADERS: Schema = {
    "type": "object",
    "description": "Headers of Standard Webhooks.",
    "properties": {
        "webhook-id": {"type": "string", "description": "the fact's id: the same for each attempt"},
        "webhook-timestamp": {"type": "string", "description": "seconds since 1970, of this attempt"},
        "webhook-signature": {
            "type": "string",
            "description": "v1,<base64 of HMAC-SHA256 over id.timestamp.body>; several, separated by spaces, "
            "while a secret is being changed",
        },
        "alongside-attempt": {"type": "string", "description": "1 for the first"},
        "content-type": {"type": "string", "const": CONTENT_TYPE},
    },
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
}
WITHOUT_FEED = frozenset({"audit"})
"""Its `/audit/facts` is the ledger of all services."""
QUERY: Schema = {
    "type": "object",
    "properties": {
        "after": {
            "type": "integer",
            "minimum": 0,
            "description": "the position that was read last; 0 from the start",
        },
        "types": {"type": "string", "description": "topics, separated by commas; else all that are granted"},
    },
}
FEED_QUERY: Schema = {
    "type": "object",
    "properties": {
        **QUERY["properties"],
        "limit": {"type": "integer", "minimum": 1, "description": "facts of one page at most"},
        "wait": {
            "type": "number",
            "minimum": 0,
            "description": "seconds to wait for a fact when there is none",
        },
    },
}


def messages() -> dict[str, Any]:
    """What arrives over HTTP; which fact is inside is said by its `type`."""
    return {
        "FeedPage": {
            "title": "A page of the feed",
            "summary": "A full page never changes, and may be cached for ever.",
            "contentType": "application/json",
            "payload": {"$ref": "#/components/schemas/FeedPage"},
        },
        "StreamedFact": {
            "title": "A fact as a server-sent event",
            "summary": "id: its position; event: its topic; data: the CloudEvent.",
            "contentType": "text/event-stream",
            "payload": EVENT,
        },
        "Delivery": {
            "title": "A fact as a webhook",
            "summary": "The stored CloudEvent, signed as Standard Webhooks say. At least once: drop what has the id "
            "of one you have.",
            "contentType": CONTENT_TYPE,
            "headers": {"$ref": "#/components/schemas/DeliveryHeaders"},
            "payload": EVENT,
        },
    }


def channels(services: Sequence[str]) -> dict[str, Any]:
    """`services` are those that record facts."""
    service = {
        "description": "the service that recorded the facts",
        "enum": [name for name in services if name not in WITHOUT_FEED],
    }
    return {
        "feed": {
            "title": "The feed of a service",
            "address": "/{service}/facts",
            "description": "Every granted fact from any position on, enough to build and keep a mirror.",
            "parameters": {"service": service},
            "servers": [{"$ref": "#/servers/http"}],
            "messages": {"FeedPage": {"$ref": "#/components/messages/FeedPage"}},
        },
        "facts-stream": {
            "title": "The facts of a service as server-sent events",
            "address": "/{service}/facts/stream",
            "description": "A comment every 15 s shows that it lives; Last-Event-ID goes on where it broke off.",
            "parameters": {"service": service},
            "servers": [{"$ref": "#/servers/http"}],
            "messages": {"StreamedFact": {"$ref": "#/components/messages/StreamedFact"}},
        },
        "webhooks": {
            "title": "Webhooks",
            "address": "{path}",
            "description": "Each granted fact, sent to an address of the receiver's own, retried over days.",
            "parameters": {
                "path": {"description": "of the receiver's address", "examples": ["/hooks/alongside"]}
            },
            "servers": [{"$ref": "#/servers/receiver"}],
            "messages": {"Delivery": {"$ref": "#/components/messages/Delivery"}},
        },
    }


def operations() -> dict[str, Any]:
    return {
        "answerFeed": _operation("feed", "FeedPage", "Answer a reader of the feed", "GET", FEED_QUERY),
        "streamFacts": _operation("facts-stream", "StreamedFact", "Stream facts to a reader", "GET", QUERY),
        "deliver": _operation("webhooks", "Delivery", "Deliver a fact to a webhook", "POST"),
    }


def _operation(
    channel: str, message: str, summary: str, method: str, query: Schema | None = None
) -> dict[str, Any]:
    http = {"method": method, **({"query": query} if query else {}), "bindingVersion": "0.3.0"}
    return {
        "action": "send",
        "summary": summary,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"}],
        "bindings": {"http": http},
    }
