"""How to receive one fact, ready to copy: from the bus, by webhook, from the feed."""

import json
from dataclasses import dataclass

from services.console.catalogue.document import Published
from shared.kernel.envelope import stream_name

NAME = "acme"
"""The integrator of the snippets."""


@dataclass(frozen=True)
class Snippet:
    """A way, a word about it, and what to type."""

    title: str
    said: str
    text: str


def snippets(fact: Published, region: str, service_url: str) -> list[Snippet]:
    """The ways to receive this fact; none for one that is never granted."""
    if fact.privacy == "restricted":
        return []
    return [_bus(fact, region), _webhook(fact), _feed(fact, service_url)]


def _bus(fact: Published, region: str) -> Snippet:
    service, name, version = fact.topic.split(".")
    durable = f"{NAME}-{service}-{name}-{version}"
    return Snippet(
        "NATS",
        "A durable of your own: every fact in order, from any sequence or time. The first command prints your "
        "credentials and this program with them.",
        f"""./alongside integrator add {NAME} --facts '{fact.topic}' --region {region}

import asyncio, json, nats

async def main() -> None:
    bus = await nats.connect("nats://127.0.0.1:4222", nkeys_seed="{NAME}.nk")
    facts = await bus.jetstream().pull_subscribe_bind("{durable}", "{stream_name(region, service)}")
    while True:
        try:
            batch = await facts.fetch(100, timeout=30)
        except nats.errors.TimeoutError:
            continue
        for message in batch:
            fact = json.loads(message.data)
            print(message.metadata.sequence.stream, fact["data"])
            await message.ack()

asyncio.run(main())""",
    )


def _webhook(fact: Published) -> Snippet:
    return Snippet(
        "Webhook",
        "Sent to an address of yours, signed as Standard Webhooks say, and sent again for days until you take it.",
        f"""./alongside webhooks add https://example.org/hooks/alongside --facts '{fact.topic}'

from standardwebhooks import Webhook

def received(body: bytes, headers: dict[str, str]) -> None:
    fact = Webhook("whsec_...").verify(body, headers)  # raises WebhookVerificationError
    if first_time(headers["webhook-id"]):              # the fact's id: the same for each attempt
        print(fact["data"])""",
    )


def _feed(fact: Published, service_url: str) -> Snippet:
    address = f"{service_url}/{fact.service}/facts"
    if service_url.endswith(f"/{fact.service}"):
        address = f"{service_url}/facts"
    return Snippet(
        "HTTP feed",
        "From any position on, as often as you like: enough to build a mirror. The second is a stream that stays open.",
        f"""curl -H 'Authorization: Bearer asi_...' '{address}?after=0&types={fact.topic}'

curl -N -H 'Authorization: Bearer asi_...' '{address}/stream?types={fact.topic}'""",
    )


def pretty(value: object) -> str:
    """JSON for reading."""
    return json.dumps(value, indent=2, ensure_ascii=False)
