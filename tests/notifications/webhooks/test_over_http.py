"""Endpoints over HTTP: who may have what, what is sent again, and who hears when nobody answers any more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook

from services.notifications.webhooks.delivering import Deliverer
from services.notifications.webhooks.purging import purge
from shared.contracts.sessions.session_approval import SessionApproved
from tests.notifications.webhooks.conftest import FACTS, KEY, add
from tests.notifications.webhooks.receiver import Receiver
from tests.notifications.webhooks.test_delivering import APPROVED, LOGGED, OLU, deliveries
from tests.support.examples import example
from tests.support.served import Served

ACME, RIVAL = {"role": "integrator", "name": "acme"}, {"role": "integrator", "name": "rival"}
RESTRICTED = "assignments.SafeguardingConcernRaised.v1"


async def test_an_integrator_gets_what_it_was_granted_and_nothing_else(
    notifications: Served, at: Receiver, integrators: Callable[..., None]
) -> None:
    integrators("acme", *FACTS, RESTRICTED)
    body: dict[str, Any] = {"url": at.url, "facts": FACTS}
    added = await notifications.done("/webhooks", body, **ACME)
    assert added["secret"].startswith("whsec_")
    for asked, code in (
        ({"facts": ["sessions.SessionScheduled.v1"]}, "not_granted"),
        ({"facts": ["sessions.*"]}, "not_granted"),
        ({"facts": [RESTRICTED]}, "invalid_webhook_facts"),
        ({"facts": ["sessions.Nothing.v1"]}, "invalid_webhook_facts"),
        ({"regions": ["uk-north"]}, "not_granted"),
        ({"owner": "rival"}, "not_allowed"),
        ({"owner": "agency"}, "not_allowed"),
        ({"url": "https://10.0.0.1/"}, "invalid_webhook_url"),
    ):
        answer = await notifications.command("/webhooks", body | asked, **ACME)
        assert answer.json()["code"] == code, asked
    assert (await notifications.command("/webhooks", body, **RIVAL)).json()["code"] == "unknown_integrator"


async def test_nobody_sees_somebody_elses_endpoint(
    notifications: Served, deliverer: Deliverer, at: Receiver, integrators: Callable[..., None]
) -> None:
    integrators("acme", *FACTS)
    integrators("rival", *FACTS)
    added = await add(notifications, at, owner="acme")
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    path = f"/webhooks/{added['endpoint_id']}"
    assert (await notifications.ask(path, **ACME))["deliveries"] == {"taken": 1}
    (one,) = (await notifications.ask("/webhooks/deliveries", **ACME))["items"]
    assert (await notifications.get(path, **RIVAL)).status_code == 404
    assert (await notifications.ask("/webhooks", **RIVAL))["items"] == []
    assert (await notifications.ask("/webhooks/deliveries", **RIVAL))["items"] == []
    assert (await notifications.get(f"/webhooks/deliveries/{one['delivery_id']}", **RIVAL)).status_code == 404
    for what, sent in (
        ("test", None), ("rotate", None), ("disable", None), ("enable", None), ("redeliver", {}),
        ("recover", {"since": "2026-01-01T00:00:00Z"}),
    ):  # fmt: skip
        assert (await notifications.command(f"{path}/{what}", sent, **RIVAL)).status_code == 404, what
    other = f"/webhooks/deliveries/{one['delivery_id']}/redeliver"
    assert (await notifications.command(other, None, **RIVAL)).status_code == 404
    assert (await notifications.get(path, role="mentor", name="grace")).status_code == 403
    assert (await notifications.get(path, role="coordinator")).status_code == 403


async def test_the_log_is_paged_and_filtered(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    added = await add(notifications, at, facts=[*FACTS, "sessions.SessionLogged.v1"])
    at.answer = lambda got: 500 if got.event["type"] == FACTS[0] else 200
    await notifications.hear("sessions", APPROVED, LOGGED, APPROVED)
    await deliverer.work_off()
    first = await notifications.ask("/webhooks/deliveries", **OLU, limit=2)
    then = await notifications.ask("/webhooks/deliveries", **OLU, limit=2, cursor=first["next"])
    assert [len(first["items"]), len(then["items"]), then["next"]] == [2, 1, None]
    assert len(await deliveries(notifications, state="waiting")) == 2
    assert len(await deliveries(notifications, topic=FACTS[0])) == 2
    assert len(await deliveries(notifications, endpoint_id=added["endpoint_id"], state="taken")) == 1
    later = (notifications.clock.at + timedelta(seconds=1)).isoformat()
    assert await deliveries(notifications, since=later) == []
    assert len(await deliveries(notifications, until=later)) == 3
    event_id = first["items"][0]["event_id"]
    assert [one["event_id"] for one in await deliveries(notifications, event_id=event_id)] == [event_id]


async def test_while_a_secret_is_rotated_both_verify(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    added = await add(notifications, at)
    old, at.secret = at.secret, ""
    rotated = await notifications.done(f"/webhooks/{added['endpoint_id']}/rotate", None, **OLU)
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    for secret in (old, rotated["secret"]):
        Webhook(secret).verify(at.got[0].body, at.got[0].headers)
    assert len(at.got[0].headers["webhook-signature"].split()) == 2
    notifications.clock.at += timedelta(hours=24)
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    assert len(at.got[1].headers["webhook-signature"].split()) == 1
    Webhook(rotated["secret"]).verify(at.got[1].body, at.got[1].headers)


async def test_a_test_is_sent_once_for_each_key_and_signed(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    added = await add(notifications, at)
    path = f"/webhooks/{added['endpoint_id']}/test"
    told = [await notifications.command(path, None, key=key, **OLU) for key in ("a", "a", "b")]
    await deliverer.work_off()
    assert [answer.status_code for answer in told] == [202, 202, 202]
    assert at.ids == [told[0].json()["event_id"], told[2].json()["event_id"]]
    assert at.got[0].event["type"] == "alongside.test"
    assert at.unverified == 0


async def test_recovering_sends_what_was_never_queued_and_what_failed_once(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    began = notifications.clock.at
    await add(notifications, Receiver(url=at.url))
    notifications.clock.at += timedelta(hours=1)
    added = await add(notifications, at, facts=["notifications.WebhookAdded.v1"])
    endpoint = f"/webhooks/{added['endpoint_id']}"
    await notifications.done(f"{endpoint}/disable", None, **OLU)
    notifications.clock.at += timedelta(hours=1)
    await add(notifications, Receiver(url=at.url))
    await notifications.done(f"{endpoint}/enable", None, **OLU)
    await deliverer.work_off()
    before = len(at.got)
    since = {"since": began.isoformat()}
    dry = await notifications.done(f"{endpoint}/recover", since | {"dry_run": True}, **OLU)
    done = await notifications.done(f"{endpoint}/recover", since, **OLU)
    assert dry | {"dry_run": False} == done
    await deliverer.work_off()
    assert len(at.got) - before == done["missing"] == 2 - before
    assert (await notifications.done(f"{endpoint}/recover", since, **OLU))["missing"] == 0
    all_of_it = since | {"before_added": True}
    assert (await notifications.done(f"{endpoint}/recover", all_of_it, **OLU))["missing"] == 1
    await deliverer.work_off()
    assert len(set(at.ids)) == 3


async def test_after_days_of_nothing_but_failures_somebody_is_warned_and_then_it_is_disabled(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    registered = {"name": "Olu Ade", "email": "olu@agency.example", "role": "operator"}
    olu = await notifications.done("/recipients", registered)
    added = await add(notifications, at)
    at.answer = lambda got: 500
    began = notifications.clock.at
    heard: dict[str, timedelta] = {}
    for hours in range(0, 24 * 6, 4):
        await notifications.pass_time(began + timedelta(hours=hours))
        await notifications.hear("sessions", APPROVED)
        await deliverer.work_off()
        for fact in await notifications.facts():
            heard.setdefault(fact, notifications.clock.at - began)
    day = timedelta(days=1)
    assert 3 * day <= heard["notifications.WebhookFailing.v1"] < 3.5 * day
    assert 5 * day <= heard["notifications.WebhookDisabled.v1"] < 5.5 * day
    shown = await notifications.ask(f"/webhooks/{added['endpoint_id']}", **OLU)
    assert (shown["stands"], shown["why"]) == ("disabled", "failing")
    inbox = await notifications.ask(f"/recipients/{olu['recipient_id']}/inbox")
    types = [one["type"] for one in inbox["items"]]
    assert types == ["webhook_dead_lettered", "webhook_failing"]
    sent = len(at.got)
    notifications.clock.at += day
    await deliverer.work_off()
    assert len(at.got) == sent


async def test_one_that_is_taken_calls_off_the_warning(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    await add(notifications, at)
    at.answer = lambda got: 500 if len(at.got) == 1 else 200
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    assert await notifications.next_due() is not None
    notifications.clock.at += timedelta(minutes=1)
    await deliverer.work_off()
    assert await notifications.next_due() is None


async def test_a_removed_endpoint_gets_nothing_more_and_what_is_over_goes_after_a_month(
    notifications: Served, deliverer: Deliverer, at: Receiver
) -> None:
    added = await add(notifications, at)
    at.answer = lambda got: 500
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    token = {"Authorization": "Bearer dev:operator:uk-london:olu", "Idempotency-Key": "x"}
    gone = await notifications.client.delete(f"/notifications/webhooks/{added['endpoint_id']}", headers=token)
    assert gone.status_code == 200
    await notifications.settle()
    await notifications.hear("sessions", APPROVED)
    for days, left in ((0, 1), (29, 1), (31, 0)):
        async with deliverer.pool.connection() as connection:
            await purge(connection, notifications.clock.at + timedelta(days=days))
        async with notifications.running.engine.connect() as db:
            for table in ("webhook_facts", "webhook_deliveries", "webhook_attempts"):
                assert await db.scalar(text(f"SELECT count(*) FROM {table}")) == left, (table, days)


async def test_no_secret_is_kept_anywhere(notifications: Served, deliverer: Deliverer, at: Receiver) -> None:
    added = await add(notifications, at)
    await notifications.hear("sessions", APPROVED)
    await deliverer.work_off()
    secret = str(added["secret"]).removeprefix("whsec_")
    async with notifications.running.engine.connect() as db:
        tables = (await db.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        for table in tables:
            rows = (await db.execute(text(f"SELECT t::text FROM {table} t"))).scalars()
            for row in rows:
                assert secret not in row, table
                assert secret.encode().hex() not in row, table  # as bytes are shown
                assert KEY not in row, table
    repeated = [
        await notifications.command("/webhooks", {"url": at.url, "facts": FACTS}, key="same", **OLU)
        for _ in range(2)
    ]
    assert repeated[1].json()["secret"] is None
    assert repeated[0].json()["endpoint_id"] == repeated[1].json()["endpoint_id"]


async def test_without_a_key_nothing_is_added(
    notifications: Served, at: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ALONGSIDE_WEBHOOK_KEY")
    answer = await notifications.command("/webhooks", {"url": at.url, "facts": FACTS}, **OLU)
    assert (answer.status_code, answer.json()["code"]) == (503, "webhooks_off")


async def test_sealed_facts_arrive_sealed(notifications: Served, deliverer: Deliverer, at: Receiver) -> None:
    added = await add(notifications, at, facts=["sessions.SessionLogged.v1"])
    assert "arrives sealed" in added["warnings"][0]
    await notifications.hear("sessions", LOGGED)
    await deliverer.work_off()
    assert LOGGED.notes
    assert LOGGED.notes not in at.got[0].body.decode()
    assert example(SessionApproved) == APPROVED
