"""An integrator that tries everything: what it asks for is denied, and it stalls nobody."""

import asyncio
import json
import time
from typing import Any

import pytest

from shared.kernel.bus.feed import StreamFeed
from tests.deploy.nats.house import (
    APPROVED,
    LOCKED,
    LOGGED,
    PREFIX,
    REGION,
    SESSIONS,
    Bus,
    asked,
    durable,
)

OTHERS = f"alongside.{REGION}.open.{LOCKED}.>"


@pytest.mark.parametrize(
    "settings",
    [
        {"filter_subject": OTHERS},
        {"filter_subject": ""},
        {"filter_subject": "alongside.>"},
        {"filter_subject": f"alongside.{REGION}.*.sessions.>"},
        {"filter_subject": "", "filter_subjects": [OTHERS, f"alongside.{REGION}.open.{APPROVED}.>"]},
        {"name": "other", "durable_name": "other"},
    ],
)
async def test_another_filter_or_another_name_is_refused(bus: Bus, settings: dict[str, Any]) -> None:
    async with bus.as_("acme") as line:
        answer = await line.answer(*asked("acme", APPROVED, **settings))
        assert answer is not None
        assert "error" in answer


async def test_the_name_is_the_one_of_the_subject_whatever_the_body_says(bus: Bus) -> None:
    await bus.let_in("renamed", APPROVED)
    async with bus.as_("renamed") as line:
        answer = await line.answer(*asked("renamed", APPROVED, name="other", durable_name=""))
    assert answer is not None
    assert answer["name"] == durable("renamed", APPROVED)


async def test_a_body_that_names_another_stream_is_refused(bus: Bus) -> None:
    subject, body = asked("acme", APPROVED)
    async with bus.as_("acme") as line:
        answer = await line.answer(subject, body | {"stream_name": "EV_UK_LONDON_TRAINING"})
    assert answer is not None
    assert "error" in answer


async def test_a_durable_that_pushes_into_other_facts_delivers_nothing(bus: Bus) -> None:
    """A consumer's deliveries need no permission of whoever made it, and a stream takes what is delivered to its
    subjects; but there are only deliveries where a client listens, and nobody may listen to facts."""
    training = "alongside.uk-london.open.training.Forged.v1.p00"
    await bus.let_in("pusher", APPROVED)
    await bus.publish(APPROVED, 2, start=500)
    async with bus.as_("pusher") as line, bus.as_("operator") as house:
        await house.may_subscribe(training)  # refused: else there would be somebody to deliver to
        before = (await house.js.stream_info("EV_UK_LONDON_TRAINING")).state.last_seq
        for target in (
            training,
            f"alongside.uk-london.open.{LOCKED}.p00",
            "$JS.API.STREAM.DELETE." + SESSIONS,
        ):
            await line.theirs.delete_consumer(SESSIONS, durable("pusher", APPROVED))
            await line.answer(*asked("pusher", APPROVED, deliver_subject=target, ack_policy="none"))
            last = (await house.js.stream_info(SESSIONS)).state.last_seq
            await asyncio.sleep(0.3)
            assert (await house.js.stream_info("EV_UK_LONDON_TRAINING")).state.last_seq == before
            assert (await house.js.stream_info(SESSIONS)).state.last_seq == last
            await line.answer(*asked("pusher", APPROVED))  # so that it is there to be deleted


async def test_what_is_granted_to_another_does_not_arrive(bus: Bus) -> None:
    await bus.publish(LOCKED, 1, start=600)
    await bus.publish(LOGGED, 1, start=600)
    await bus.let_in("narrow", APPROVED)
    await bus.publish(APPROVED, 1, start=600)
    async with bus.as_("narrow") as line:
        pull = await line.theirs.pull_subscribe_bind(durable("narrow", APPROVED), SESSIONS)
        subjects = {message.subject for message in await pull.fetch(100, timeout=1)}
    assert {subject.rsplit(".", 1)[0] for subject in subjects} == {f"alongside.{REGION}.open.{APPROVED}"}


async def test_a_flood_and_one_that_never_acknowledges_stall_nobody(bus: Bus) -> None:
    """Ours keep reading and the relay keeps publishing while an integrator does its worst."""
    await bus.let_in("flooder", APPROVED)
    seen: list[int] = []
    stop = asyncio.Event()

    async def flood() -> None:
        async with bus.as_("flooder") as line:
            name = f"{PREFIX}.CONSUMER.%s.{SESSIONS}.{durable('flooder', APPROVED)}"
            greedy = json.dumps({"batch": 100_000, "expires": 60_000_000_000}).encode()
            inbox = line.client.new_inbox()
            await line.client.subscribe(inbox)
            while not stop.is_set():
                for _ in range(200):
                    await line.client.publish(name % "MSG.NEXT", greedy, reply=inbox)
                    await line.client.publish(name % "INFO", b"", reply=inbox)
                await line.client.flush()

    async def take(facts: list[Any]) -> None:
        seen.extend(position for position, *_ in facts)

    async with bus.as_("operator") as house:
        before = (await house.js.stream_info(SESSIONS)).state.last_seq
    seed = bus.seed("notifications-projector")
    feed = StreamFeed(bus.running.nats_url, REGION, "sessions", "notifications-calendar", seed=seed)
    flooding = asyncio.create_task(flood())
    reading = asyncio.create_task(feed.run(position=before, apply=take))
    try:
        began = time.monotonic()
        await bus.publish(APPROVED, 20, start=700)
        while not feed.state.alarm and len(seen) < 20 and time.monotonic() - began < 20:
            await asyncio.sleep(0.01)
        published = (await last(bus)) - before
        assert published == 20
        assert len(seen) == 20
    finally:
        stop.set()
        reading.cancel()
        await asyncio.gather(flooding, reading, return_exceptions=True)


async def last(bus: Bus) -> int:
    async with bus.as_("operator") as house:
        return int((await house.js.stream_info(SESSIONS)).state.last_seq)


async def test_no_more_connections_than_are_allowed(bus: Bus) -> None:
    await bus.let_in("many", APPROVED)
    lines = []
    refused = 0
    for _ in range(10):
        try:
            context = bus.as_("many")
            lines.append((context, await asyncio.wait_for(context.__aenter__(), 1)))
        except Exception:
            refused += 1
    for context, _ in lines:
        await context.__aexit__(None, None, None)
    assert refused
