"""What a producer signs travels with the fact, stays the same however often it is sent, and reaches who asks."""

import asyncio
from hashlib import sha256
from typing import Any

import pytest
from nats.aio.client import Client

from shared.kernel.bus.compare import compare
from shared.kernel.bus.feed import StreamFeed
from shared.kernel.bus.provision import provision_stream
from shared.kernel.bus.relay import Relay
from shared.kernel.bus.repair import repair
from shared.kernel.envelope import SIGNATURE, stream_name
from shared.kernel.notekeys import Malformed, Signer, unbase64
from shared.kernel.projections.origin import StoreOrigin, StreamOrigin
from shared.kernel.projections.store_feed import StoreFeed
from shared.kernel.signing import Signing, signed_text
from shared.kernel.store import Store
from tests.kernel.bus.scene import SERVICE, assert_whole, in_stream, record, running, until


def key(region: str, service: str = SERVICE) -> Signer:
    return Signer(f"{region}/{service}", b"s" * 32)


def signing(region: str) -> Signing:
    made = Signing.of(region, SERVICE, key(region).skey())
    assert made
    return made


async def relayed(store: Store, bus: Client, region: str) -> None:
    head = await store.head()
    relay = Relay(store, bus, region, SERVICE, signing(region))
    async with running(relay.run()):
        await until(lambda: relay.state.position == head)


async def test_each_fact_carries_its_producers_signature_alone_and_in_batches(
    store: Store, bus: Client, region: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 1)
    await relayed(store, bus, region)
    await record(store, 300, streams=3)
    await relayed(store, bus, region)
    await assert_whole(store, bus, region)
    signer = key(region)
    for fact, (position, headers, _, _) in zip(
        await store.read(0), await in_stream(bus, region), strict=True
    ):
        made = unbase64(headers[SIGNATURE])
        text = signed_text(f"/{region}/{SERVICE}", position, sha256(fact.state).hexdigest(), len(fact.state))
        assert made[:4] == signer.key_id
        assert signer.verifier.verify(text, made[4:])


async def test_a_stream_that_is_filled_again_carries_the_same_signatures(
    store: Store, bus: Client, region: str
) -> None:
    js = bus.jetstream()
    await provision_stream(js, region, SERVICE)
    await record(store, 200, streams=2)
    await relayed(store, bus, region)
    before = [headers[SIGNATURE] for _, headers, _, _ in await in_stream(bus, region)]
    await js.delete_stream(stream_name(region, SERVICE))
    found = await compare(js, store, region, SERVICE)
    await repair(bus, store, region, SERVICE, found, signing=signing(region))
    assert [headers[SIGNATURE] for _, headers, _, _ in await in_stream(bus, region)] == before


async def test_a_feed_and_both_origins_hand_over_the_same_signatures(
    store: Store, bus: Client, region: str, nats_url: str, database_url: str
) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 150)
    await relayed(store, bus, region)
    streamed = [
        (position, state, headers[SIGNATURE]) for position, headers, state, _ in await in_stream(bus, region)
    ]
    fed: list[Any] = []
    own: list[Any] = []

    async def take(facts: list[Any]) -> None:
        fed.extend(facts)

    async def take_own(facts: list[Any]) -> None:
        own.extend(facts)

    feeds = (
        StreamFeed(nats_url, region, SERVICE, "audit-ledger", signed=True).run(position=0, apply=take),
        StoreFeed(store, signing=signing(region)).run(position=0, apply=take_own),
    )
    async with running(*feeds):
        await until(lambda: len(fed) == len(own) == 150)
    assert fed == own == streamed
    assert list(StoreOrigin(database_url, signing(region)).facts(0, 150, ["%"])) == streamed
    assert await _read(StreamOrigin(nats_url, stream_name(region, SERVICE), signed=True)) == streamed


async def _read(origin: StreamOrigin) -> list[Any]:
    return await asyncio.to_thread(lambda: list(origin.facts(0, 150, ["%"])))


async def test_a_relay_without_a_key_signs_nothing(store: Store, bus: Client, region: str) -> None:
    await provision_stream(bus.jetstream(), region, SERVICE)
    await record(store, 3)
    relay = Relay(store, bus, region, SERVICE)
    async with running(relay.run()):
        await until(lambda: relay.state.position == 3)
    assert all(SIGNATURE not in headers for _, headers, _, _ in await in_stream(bus, region))


def test_a_key_of_another_service_or_region_is_refused() -> None:
    with pytest.raises(Malformed, match="signs with a key named"):
        Signing.of("uk-london", "sessions", key("uk-london").skey())
    with pytest.raises(Malformed):
        Signing.of("uk-leeds", SERVICE, key("uk-london").skey())
    assert key("uk-london").skey() not in repr(Signing.of("uk-london", SERVICE, key("uk-london").skey()))
    assert Signing.of("uk-london", SERVICE, None) is None


def test_many_facts_are_signed_in_their_order() -> None:
    facts = [(position, b"%d" % position) for position in range(1, 1001)]
    together = signing("uk-london").sign(facts)
    assert together == [signing("uk-london").sign([fact])[0] for fact in facts]
