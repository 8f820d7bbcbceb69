"""How to receive one fact, ready to copy: from the bus, by webhook, from the feed."""

import json
from dataclasses import dataclass

from services.console.catalogue.document import Published
from shared.kernel.envelope import stream_name

NAME = "acme"
"""The integrator of the snippets."""
WITHOUT_FEED = ("audit",)
"""Its /audit/facts is the ledger of all services."""


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
    ways = [_bus(fact, region), _webhook(fact)]
    return ways if fact.service in WITHOUT_FEED else [*ways, _feed(fact, service_url)]


def _bus(fact: Published, region: str) -> Snippet:
    service, name, version = fact.topic.split(".")
    durable = f"{NAME}-{service}-{name}-{version}"
    account = region.upper().replace("-", "_")
    return Snippet(
        "NATS",
        "A durable of your own: every fact in order, from any sequence or time. The first command prints your "
        "credentials and this program with them.",
        f"""./alongside integrator add {NAME} --facts '{fact.topic}' --region {region}

import asyncio, json, nats

async def read():
    bus = await nats.connect("nats://127.0.0.1:4222", nkeys_seed="{NAME}.nk", max_reconnect_attempts=-1)
    stream = bus.jetstream(prefix="JS.{account}.API")
    facts = await stream.pull_subscribe_bind("{durable}", "{stream_name(region, service)}")
    while True:
        try:
            messages = await facts.fetch(100, timeout=30)
        except nats.errors.TimeoutError:
            continue
        for message in messages:
            fact = json.loads(message.data)
            print(message.metadata.sequence.stream, fact["data"], flush=True)
            await message.ack()  # after you have kept it: what is not acknowledged comes again

asyncio.run(read())""",
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
    address = f"{service_url.removesuffix(f'/{fact.service}')}/{fact.service}/facts"
    return Snippet(
        "HTTP feed",
        "From any position on, as often as you like: enough to build a mirror. The second is a stream that stays open.",
        f"""curl -H 'Authorization: Bearer asi_...' '{address}?after=0&types={fact.topic}'

curl -N -H 'Authorization: Bearer asi_...' '{address}/stream?types={fact.topic}'""",
    )


def pretty(value: object) -> str:
    """JSON for reading."""
    return json.dumps(value, indent=2, ensure_ascii=False)
