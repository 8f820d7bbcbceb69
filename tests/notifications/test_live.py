"""An inbox over server-sent events: each notification as it comes, none left out after a break."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn

from services.notifications.api import live
from services.notifications.channels.doorbell import Doorbell
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.sessions.session_log import RoleBoundaryBreached
from shared.contracts.training.standing import MentorStoodDown
from shared.kernel.serving import Server
from tests.notifications.test_over_http import GRACE, register
from tests.support.examples import example
from tests.support.served import Served

TOKEN = {"Authorization": "Bearer dev:coordinator:uk-london:ruth"}


@pytest.fixture
async def address(notifications: Served) -> AsyncIterator[str]:
    """The service on a port, since only there an answer arrives bit by bit."""
    transport = notifications.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    config = uvicorn.Config(transport.app, port=0, log_level="error", lifespan="off", ws="none")
    server = Server(config, transport.app)  # type: ignore[arg-type]
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/notifications/live"
    server.should_exit = True
    await serving


class Events:
    """What an event source sees."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line and found:
                    return found
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    found[name] = value
        raise AssertionError("the stream ended")

    async def told(self) -> dict[str, Any]:
        event = await self.next()
        assert event["event"] == "notification"
        return {"id": event["id"], **json.loads(event["data"])}


@asynccontextmanager
async def listening(
    address: str, recipient_id: str, last: str | None = None, **headers: str
) -> AsyncIterator[Events]:
    sent = {**TOKEN, **headers, **({"Last-Event-ID": last} if last else {})}
    async with (
        httpx.AsyncClient(timeout=10, trust_env=False) as client,
        client.stream("GET", address, params={"recipient_id": recipient_id}, headers=sent) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = Events(answer)
        assert (await events.next())["event"] == "open"
        yield events


async def test_a_notification_is_heard_as_it_comes_and_by_its_recipient_alone(
    notifications: Served, address: str
) -> None:
    ruth = await register(notifications)
    await notifications.hear("assignments", example(MentorEngaged))
    async with listening(address, ruth) as hers, listening(address, GRACE) as graces:
        await notifications.hear("sessions", example(RoleBoundaryBreached))
        told = await hers.told()
        assert told["type"] == "role_boundary_breached"
        assert told["subject_line"] == "A mentor was used for the whole class"
        await notifications.hear("training", example(MentorStoodDown))
        assert (await hers.told())["type"] == "deployability_lost"
        assert (await graces.told())["type"] == "deployability_lost"


async def test_after_a_break_nothing_is_left_out_and_nothing_comes_twice(
    notifications: Served, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "AT_ONCE", 1)
    ruth = await register(notifications)
    async with listening(address, ruth) as events:
        await notifications.hear("sessions", example(RoleBoundaryBreached))
        last = (await events.told())["id"]
    await notifications.hear("training", example(MentorStoodDown))
    async with listening(address, ruth, last) as events:
        assert (await events.told())["type"] == "deployability_lost"
    async with listening(address, ruth, "0") as events:
        types = [(await events.told())["type"] for _ in range(2)]
    assert types == ["role_boundary_breached", "deployability_lost"]


async def test_nobody_listens_at_anothers_inbox_and_who_left_costs_nothing(
    notifications: Served, address: str
) -> None:
    ruth = await register(notifications)
    async with httpx.AsyncClient(trust_env=False) as client:
        for headers, expected in (
            ({"Authorization": "Bearer dev:mentor:uk-london:grace"}, 403),
            ({}, 401),
            ({**TOKEN, "Last-Event-ID": "yesterday"}, 422),
        ):
            answer = await client.get(address, params={"recipient_id": ruth}, headers=headers)
            assert answer.status_code == expected, answer.text
    transport = notifications.client._transport
    assert isinstance(transport, httpx.ASGITransport)
    async with listening(address, ruth), listening(address, ruth):
        bell: Doorbell = transport.app.state.doorbell  # type: ignore[attr-defined]
        assert len(bell._listeners[UUID(ruth)]) == 2
    async with asyncio.timeout(5):
        while bell._listeners or not (bell._task and bell._task.done()):
            await asyncio.sleep(0.01)


async def test_when_the_process_stops_who_listens_is_let_go_at_once(
    notifications: Served, address: str
) -> None:
    ruth = await register(notifications)
    async with listening(address, ruth) as events:
        transport = notifications.client._transport
        assert isinstance(transport, httpx.ASGITransport)
        for let_go in transport.app.state.at_end:  # type: ignore[attr-defined]
            let_go()
        with pytest.raises(AssertionError, match="the stream ended"):
            await events.next()
