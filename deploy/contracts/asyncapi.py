"""docs/asyncapi.json: every fact as an AsyncAPI 3.0 message, with channels, streams, durables and security."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from deploy.contracts import ways
from deploy.contracts.entries import Entry
from deploy.contracts.travelling import CLOUD_EVENT, HEADERS, example_headers, example_signer
from shared.contracts.schema import Schema
from shared.kernel.bus.frames import CONTENT_TYPE
from shared.kernel.bus.provision import durable_config, stream_config
from shared.kernel.envelope import PARTITIONS

Document: TypeAlias = dict[str, Any]

ABOUT = (
    "Facts of one-to-one mentoring in schools, recorded once and delivered in order. Generated from the contracts. "
    "Every fact is a CloudEvent 1.0; its bytes are the same in the store, on the bus, in the feed, in a webhook. "
    "A fact whose subject says `sealed` has personal fields, which arrive as ciphertext; one that says `restricted` "
    "is granted to no integrator. A new field has a default; anything else is a new version."
)
REGION = {
    "description": "where the facts were recorded, and where they stay",
    "examples": ["uk-london"],
}
PARTITION = {
    "description": f"two digits, 00 to {PARTITIONS - 1}: the same for all facts of one subject, which stay in order",
    "examples": ["07"],
}


def document(entries: Sequence[Entry], version: str) -> Document:
    """The whole document, from nothing but what the contracts and their golden files say."""
    services = sorted({entry.contract.service for entry in entries})
    schemas: Document = {"CloudEvent": CLOUD_EVENT, "FactHeaders": HEADERS}
    schemas |= {"FeedPage": ways.FEED_PAGE, "DeliveryHeaders": ways.DELIVERY_HEADERS}
    for entry in entries:
        schemas |= _schemas(entry)
    return {
        "asyncapi": "3.0.0",
        "id": "urn:alongside:facts",
        "info": {
            "title": "Alongside: the published facts",
            "version": version,
            "description": ABOUT,
            "contact": {"name": "the Alongside project"},
            "tags": [{"name": name, "description": f"facts that {name} records"} for name in services],
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": _servers(),
        "channels": {**{one.topic: _channel(one) for one in entries}, **ways.channels(services)},
        "operations": {**{f"publish.{one.topic}": _operation(one) for one in entries}, **ways.operations()},
        "components": {
            "schemas": schemas,
            "messages": {**{one.topic: _message(one) for one in entries}, **ways.messages()},
            "parameters": {"region": REGION, "partition": PARTITION},
            "securitySchemes": _security(),
        },
        "x-jetstream-streams": {service: _stream(service) for service in services},
        "x-jetstream-durable": _settings(durable_config("<service>-<listener>").as_dict()),
    }


def as_text(found: Document) -> str:
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _servers() -> Document:
    at = {"default": "127.0.0.1", "description": "`./alongside status` tells it"}
    secured = [
        {"$ref": "#/components/securitySchemes/nkey"},
        {"$ref": "#/components/securitySchemes/credentials"},
    ]
    return {
        "nats": {
            "host": "{host}:{port}",
            "protocol": "nats",
            "description": "NATS with JetStream, one for each region",
            "variables": {"host": at, "port": {"default": "4222"}},
            "security": secured,
        },
        "http": {
            "host": "{host}:{port}",
            "protocol": "http",
            "description": "the services; each has its own address",
            "variables": {"host": at, "port": {"default": "8000"}},
            "security": [{"$ref": "#/components/securitySchemes/token"}],
        },
        "receiver": {
            "host": "{receiver}",
            "protocol": "https",
            "description": "a receiver of webhooks: the integrator's own server",
            "variables": {"receiver": {"default": "receiver.example.org"}},
            "security": [{"$ref": "#/components/securitySchemes/webhookSecret"}],
        },
    }


def _security() -> Document:
    return {
        "nkey": {
            "type": "asymmetricEncryption",
            "description": "An NKEY user: the server's challenge is signed with an Ed25519 seed, which never travels. "
            "`./alongside integrator add` prints one.",
        },
        "credentials": {
            "type": "asymmetricEncryption",
            "description": "In production a credentials file: a user's JWT, signed by its account, and its NKEY seed.",
        },
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An integrator's token asi_...; only its SHA-256 is kept.",
        },
        "webhookSecret": {
            "type": "symmetricEncryption",
            "description": "A secret whsec_... that signs each delivery with HMAC-SHA256 (Standard Webhooks).",
        },
    }


def _channel(entry: Entry) -> Document:
    contract = entry.contract
    service, name, version = contract.topic.split(".")
    granted = (
        {} if contract.restricted else {"x-jetstream-granted": f"<integrator>-{service}-{name}-{version}"}
    )
    return {
        "title": contract.name,
        "address": f"alongside.{{region}}.{contract.privacy}.{contract.topic}.p{{partition}}",
        "description": _said(entry.schema),
        "servers": [{"$ref": "#/servers/nats"}],
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in ("region", "partition")},
        "messages": {contract.topic: {"$ref": f"#/components/messages/{contract.topic}"}},
        "x-jetstream-stream": f"EV_<REGION>_{contract.service.upper()}",
        "x-jetstream-durables": [one.durable for one in entry.consumers],
        **granted,
    }


def _operation(entry: Entry) -> Document:
    topic = entry.topic
    return {
        "action": "send",
        "summary": f"{entry.contract.service} publishes it once, in the order of its store",
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{topic}"}],
    }


def _message(entry: Entry) -> Document:
    contract, said = entry.contract, _said(entry.schema)
    region = entry.event["region"]
    return {
        "name": contract.topic,
        "title": contract.name,
        "summary": said.partition(". ")[0].rstrip(".") + ".",
        "description": said,
        "contentType": CONTENT_TYPE,
        "tags": [{"name": contract.service}, {"name": contract.privacy}, {"name": contract.aggregate}],
        "headers": {"$ref": "#/components/schemas/FactHeaders"},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {
            "allOf": [
                ways.EVENT,
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": contract.topic},
                        "dataschema": {"const": contract.schema_id},
                        "data": {"$ref": f"#/components/schemas/{contract.topic}"},
                    },
                },
            ]
        },
        "examples": [
            {
                "name": "travelling",
                "summary": "as it is stored and arrives",
                "headers": example_headers(entry.state_bytes, region, contract.service),
                "payload": dict(entry.event),
            }
        ],
        "x-alongside": more(entry),
    }


def more(entry: Entry) -> Document:
    """What AsyncAPI has no word for."""
    contract = entry.contract
    return {
        "service": contract.service,
        "aggregate": contract.aggregate,
        "privacy": contract.privacy,
        "state": entry.state,
        "schema": f"schemas/{contract.topic}.json",
        "opened": dict(entry.opened),
        "example-key": example_signer(entry.event["region"], contract.service).vkey(),
        "consumers": [
            {
                "service": one.service,
                "listener": one.listener,
                "kind": one.kind,
                "keeps-bytes": one.keeps_bytes,
            }
            for one in entry.consumers
        ],
        "versions": list(entry.versions),
        "changed": list(entry.changed),
        "upcast": entry.upcast,
    }


def _schemas(entry: Entry) -> Document:
    """The schema of a fact's `data`, and the parts it is made of under names of their own.

    An AsyncAPI schema has no `$defs` that a reference within the document could reach.
    """
    topic = entry.topic
    whole = {name: value for name, value in entry.schema.items() if name not in ("$schema", "$id", "$defs")}
    parts = {f"{topic}.{name}": part for name, part in entry.schema.get("$defs", {}).items()}
    return {name: _reachable(part, topic) for name, part in {topic: whole, **parts}.items()}


def _reachable(part: Any, topic: str) -> Any:
    if isinstance(part, list):
        return [_reachable(one, topic) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: _reachable(value, topic) for key, value in part.items()}
    if "$ref" in found:
        found["$ref"] = f"#/components/schemas/{topic}.{part['$ref'].rsplit('/', 1)[1]}"
    return found


def _stream(service: str) -> Document:
    found = _settings(stream_config("region", service).as_dict())
    found |= {"name": f"EV_<REGION>_{service.upper()}", "subjects": [f"alongside.<region>.*.{service}.>"]}
    found["description"] = f"Facts of {service} in a region; a fact's sequence is its position"
    return {name: value for name, value in found.items() if name != "metadata"}


def _settings(found: Document) -> Document:
    """What a stream or durable is told, as the server takes it: times in nanoseconds."""
    plain = {name: getattr(value, "value", value) for name, value in found.items() if value is not None}
    return {name: value for name, value in plain.items() if name not in ("name", "durable_name")}


def _said(schema: Schema) -> str:
    return " ".join(str(schema.get("description", "")).split())
