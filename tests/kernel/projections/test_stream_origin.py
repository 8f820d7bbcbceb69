"""A rebuild reads another service's stream: what it wants of it, in order, and the whole stream has to be there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from nats.aio.client import Client

from shared.kernel.bus.connection import connect
from shared.kernel.bus.provision import provision_stream
from shared.kernel.envelope import stream_name
from shared.kernel.projections import origin
from shared.kernel.projections.origin import StreamOrigin


@pytest_asyncio.fixture
async def stream(nats_url: str, region: str) -> AsyncIterator[StreamOrigin]:
    """Thirty facts, every third one an Opened."""
    client = await connect(nats_url, "test")
    try:
        await provision_stream(client.jetstream(), region, "specimens")
        for number in range(1, 31):
            await _publish(client, region, "Opened" if number % 3 == 0 else "Moved", number)
        yield StreamOrigin(nats_url, stream_name(region, "specimens"))
    finally:
        await client.close()


async def _publish(client: Client, region: str, name: str, number: int) -> None:
    subject = f"alongside.{region}.open.specimens.{name}.v1.p{number % 4:02d}"
    await client.jetstream().publish(subject, str(number).encode())


async def read(stream: StreamOrigin, after: int, until: int, *patterns: str) -> list[tuple[int, bytes]]:
    return await asyncio.to_thread(lambda: list(stream.facts(after, until, patterns)))


async def test_a_range_is_read_in_order(stream: StreamOrigin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origin, "FETCH", 7)
    assert [at for at, _ in await read(stream, 0, 30, "%")] == list(range(1, 31))
    assert await read(stream, 11, 13, "%") == [(12, b"12"), (13, b"13")]
    assert await read(stream, 30, 30, "%") == []


async def test_only_the_topics_wanted_travel(stream: StreamOrigin) -> None:
    wanted = await read(stream, 4, 20, "specimens.Opened.v%")
    assert wanted == [(number, str(number).encode()) for number in (6, 9, 12, 15, 18)]
    assert len(await read(stream, 0, 30, "specimens.Opened.v%", "specimens.Moved.v%")) == 30
    assert await read(stream, 0, 30, "specimens.Closed.v%") == []
    assert await read(stream, 28, 29, "specimens.Opened.v%") == []


async def test_a_pattern_that_escapes_an_underscore_is_that_name(stream: StreamOrigin) -> None:
    assert origin._filters([r"a_service.A\_Fact.v%"]) == ["alongside.*.*.a_service.A_Fact.>"]
