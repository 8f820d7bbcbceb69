"""Facts reach who wants them: signed, under one id, again and again until they are taken."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.notifications.webhooks.delivering import Deliverer
from services.notifications.webhooks.settings import WebhookSettings
from shared.contracts.sessions.session_approval import SessionApproved
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.envelope import Origin, encode
from tests.notifications.webhooks.conftest import FACTS, add
from tests.notifications.webhooks.receiver import Receiver, receiver, said
from tests.support.examples import example
from tests.support.served import Served

OLU = {"role": "operator", "name": "olu"}
APPROVED, LOGGED = example(SessionApproved), example(SessionLogged)


async def deliveries(notifications: Served, **query: Any) -> list[dict[str, Any]]:
    found = await notifications.ask("/webhooks/deliveries", **OLU, **query)
    return list(found["items"])


async def test_a_fact_arrives_as_it_is_stored_and_the_standards_library_verifies_it(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    await notifications.hear("sessions", APPROVED, LOGGED)
    await deliverer.work_off()
    (got,) = at.got
    assert at.unverified == 0
    assert got.event["type"] == FACTS[0]
    assert got.event["id"] == got.id
    assert got.headers["content-type"] == "application/cloudevents+json"
    (delivery,) = await deliveries(notifications)
    assert (delivery["state"], delivery["attempt"], delivery["status"]) == ("taken", 1, 200)


async def test_the_same_facts_again_after_a_lost_checkpoint_are_queued_once(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    origin = Origin("uk-london", "sessions", "test", notifications.clock.now(), "c", "c")
    batch = [(n, encode(APPROVED, origin, APPROVED.session_id, n)) for n in (1, 2, 3)]
    await notifications.follow("sessions", batch)
    async with notifications.running.engine.begin() as db:
        await db.execute(text("UPDATE checkpoints SET position = 0 WHERE projection = 'webhook_queue'"))
    await notifications.follow("sessions", batch)
    await deliverer.work_off()
    assert len(at.got) == 3
    assert [one.body for one in at.got] == [state for _, state in batch]


async def test_what_is_not_taken_is_sent_again_under_its_id_later_and_later(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    at.answer = lambda got: 500 if len(at.got) < 4 else 204
    await notifications.hear("sessions", APPROVED)
    pauses: list[timedelta] = []
    delivery: dict[str, Any] = {}
    for _ in range(4):
        await deliverer.work_off()
        (delivery,) = await deliveries(notifications)
        if delivery["next_at"] is None:
            break
        due = notifications.clock.at.fromisoformat(delivery["next_at"])
        pauses.append(due - notifications.clock.at)
        notifications.clock.at = due
    assert len(set(at.ids)) == 1
    assert [one.headers["alongside-attempt"] for one in at.got] == ["1", "2", "3", "4"]
    assert pauses == sorted(pauses)
    assert delivery["state"] == "taken"
    whole = await notifications.ask(f"/webhooks/deliveries/{delivery['delivery_id']}", **OLU)
    assert [one["status"] for one in whole["attempts"]] == [500, 500, 500, 204]
    assert whole["attempts"][0]["sent"]["webhook-id"] == at.ids[0]
    assert whole["attempts"][0]["body"] == "ok"


async def test_a_receiver_that_is_down_for_a_day_loses_nothing(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    down = notifications.clock.at + timedelta(days=1)
    at.answer = lambda got: 503 if notifications.clock.at < down else 200
    for _ in range(24):
        await notifications.hear("sessions", *[APPROVED] * 3)
        await deliverer.work_off()
        notifications.clock.at += timedelta(hours=1)
    tried_in_vain = len(at.got)
    notifications.clock.at += timedelta(minutes=15)
    await deliverer.work_off()
    taken = at.got[tried_in_vain:]
    assert len({one.id for one in taken}) == 72
    assert {one["state"] for one in await deliveries(notifications, limit=200)} == {"taken"}
    assert tried_in_vain < 150, "who does not answer is asked now and then, not with everything"


async def test_after_the_last_attempt_it_is_kept_as_failed_and_can_be_sent_again(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    added = await add(notifications, at)
    at.answer = lambda got: 400
    await notifications.hear("sessions", APPROVED)
    delivery: dict[str, Any] = {}
    for _ in range(40):
        await deliverer.work_off()
        (delivery,) = await deliveries(notifications)
        if delivery["next_at"] is None:
            break
        notifications.clock.at = notifications.clock.at.fromisoformat(delivery["next_at"]) + timedelta(
            minutes=15
        )
    assert (delivery["state"], delivery["attempt"]) == ("failed", 12)
    path = f"/webhooks/{added['endpoint_id']}/redeliver"
    dry = await notifications.done(path, {"dry_run": True}, **OLU)
    assert dry["queued"] == 1
    at.answer = lambda got: 200
    await notifications.done(path, {}, **OLU)
    notifications.clock.at += timedelta(minutes=15)
    await deliverer.work_off()
    (delivery,) = await deliveries(notifications)
    assert (delivery["state"], delivery["attempt"]) == ("taken", 13)


async def test_in_strict_order_the_next_waits_until_the_one_before_was_taken(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at, ordered=True)
    await notifications.hear("sessions", *[APPROVED] * 5)
    at.answer = lambda got: 500 if len(at.got) == 3 else 200
    await deliverer.work_off()
    third = at.ids[2]
    assert len(at.got) == 3
    notifications.clock.at += timedelta(minutes=1)
    await deliverer.work_off()
    assert at.ids[3] == third
    assert len(at.got) == 6
    assert len(set(at.ids)) == 5
    assert at.most_at_once == 1


async def test_without_order_several_are_under_way_at_a_time_and_bounded(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    at.hang = asyncio.Event()
    await notifications.hear("sessions", *[APPROVED] * 40)
    working = asyncio.create_task(deliverer.work_off())
    while len(at.got) < 16:
        at.came.clear()
        await asyncio.wait_for(at.came.wait(), 5)
    at.hang.set()
    await working
    assert at.most_at_once == 16
    assert len(set(at.ids)) == 40


async def test_a_slow_endpoint_does_not_hold_up_another(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    at.hang = asyncio.Event()
    async with receiver() as quick:
        await add(notifications, quick)
        await notifications.hear("sessions", *[APPROVED] * 30)
        working = asyncio.create_task(deliverer.work_off())
        while len(quick.got) < 30:
            quick.came.clear()
            await asyncio.wait_for(quick.came.wait(), 5)
        assert len(at.got) <= 16
        at.hang.set()
        await working
    assert len(set(at.ids)) == 30


@pytest.mark.parametrize("status", [429, 503])
async def test_a_receiver_that_asks_for_patience_gets_it(
    notifications: Served, deliverer: Deliverer, at: Receiver, status: int
) -> None:
    await add(notifications, at)
    at.answer = lambda got: said(status, retry_after="3600") if len(at.got) == 1 else 200
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    await notifications.hear("sessions", APPROVED)
    notifications.clock.at += timedelta(minutes=59)
    await deliverer.work_off()
    assert len(at.got) == 1
    notifications.clock.at += timedelta(minutes=2)
    await deliverer.work_off()
    assert len(set(at.ids)) == 2


async def test_gone_disables_and_what_waits_goes_out_when_it_is_enabled_again(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    added = await add(notifications, at)
    at.answer = lambda got: 410
    await notifications.hear("sessions", APPROVED, APPROVED)
    await deliverer.work_off()
    await notifications.settle()
    shown = await notifications.ask(f"/webhooks/{added['endpoint_id']}", **OLU)
    assert (shown["stands"], shown["why"]) == ("disabled", "gone")
    sent = len(at.got)
    await deliverer.work_off()
    assert len(at.got) == sent
    at.answer = lambda got: 200
    await notifications.done(f"/webhooks/{added['endpoint_id']}/enable", None, **OLU)
    await deliverer.work_off()
    assert {one["state"] for one in await deliveries(notifications)} == {"taken"}


async def test_a_redirect_is_an_answer_and_is_not_followed(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    async with receiver() as elsewhere:
        await add(notifications, at)
        at.answer = lambda got: said(302, location=elsewhere.url)
        await notifications.hear("sessions", APPROVED)
        await deliverer.work_off()
        assert elsewhere.got == []
    (delivery,) = await deliveries(notifications)
    assert (delivery["state"], delivery["status"]) == ("waiting", 302)


async def test_of_a_long_answer_little_is_kept(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    at.answer = lambda got: said(200, b"x" * 5_000_000, x_note="n" * 5000, set_cookie="session=secret")
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    (delivery,) = await deliveries(notifications)
    whole = await notifications.ask(f"/webhooks/deliveries/{delivery['delivery_id']}", **OLU)
    (attempt,) = whole["attempts"]
    assert delivery["state"] == "taken"
    assert len(attempt["body"]) == 2000
    assert "secret" not in str(attempt)
    assert len(str(attempt["answered"])) < 2500


async def test_what_an_owner_may_not_see_any_more_is_not_sent(
    notifications: Served, deliverer: Deliverer, at: Receiver, integrators: Callable[..., None]
) -> None:
    integrators("acme", *FACTS)
    await add(notifications, at, owner="acme")
    await notifications.hear("sessions", APPROVED)
    integrators("acme", "sessions.SessionScheduled.v1")
    await deliverer.work_off()
    assert at.got == []
    (delivery,) = await deliveries(notifications)
    assert (delivery["state"], delivery["error"]) == ("dropped", "the owner has no grant for it")
    integrators("acme", *FACTS, regions=("uk-north",))
    await notifications.done(f"/webhooks/deliveries/{delivery['delivery_id']}/redeliver", None, **OLU)
    await deliverer.work_off()
    assert at.got == []


async def test_killed_between_sending_and_recording_it_is_sent_again_under_the_same_id(
    notifications: Served, settings: WebhookSettings, at: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(notifications, at)
    await notifications.hear("sessions", *[APPROVED] * 3)

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    async with Deliverer(notifications.running, settings) as first:
        with monkeypatch.context() as patched:
            patched.setattr(first.recorder, "record", never)
            working = asyncio.create_task(first.work_off())
            while len(at.got) < 3:
                at.came.clear()
                await asyncio.wait_for(at.came.wait(), 5)
            working.cancel()
            await asyncio.wait({working})
    assert {one["state"] for one in await deliveries(notifications)} == {"waiting"}
    async with Deliverer(notifications.running, settings) as second:
        await second.work_off()
    assert sorted(at.ids) == sorted([*at.ids[:3]] * 2)
    assert {one["state"] for one in await deliveries(notifications)} == {"taken"}


async def test_an_idle_connection_that_was_closed_meanwhile_costs_no_attempt(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    at.hang_up = True
    for _ in range(3):
        await notifications.hear("sessions", APPROVED)
        await deliverer.work_off()
    assert {one["attempt"] for one in await deliveries(notifications)} == {1}
    assert len(at.got) == 3


async def test_the_first_that_is_taken_lets_out_what_had_hours_to_wait(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    at.answer = lambda got: 500
    await notifications.hear("sessions", APPROVED)
    for _ in range(6):
        await deliverer.work_off()
        notifications.clock.at += timedelta(minutes=40)
    (waiting,) = await deliveries(notifications)
    wait = notifications.clock.at.fromisoformat(waiting["next_at"]) - notifications.clock.at
    assert wait > timedelta(minutes=30)
    at.answer = lambda got: 200
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    assert {one["state"] for one in await deliveries(notifications)} == {"taken"}
