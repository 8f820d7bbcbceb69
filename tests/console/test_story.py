"""The story on a running system: who was told, what is on record, and what was known before."""

import json
from datetime import timedelta
from email import message_from_bytes, policy
from hashlib import sha256
from typing import Any

from tests.console.agency import SERVICES, Agency, Told
from tests.support.waiting import eventually


def inbox(agency: Agency, told: Told) -> list[dict[str, Any]]:
    """The coordinator's notifications, once everything has arrived."""

    def found() -> list[dict[str, Any]] | None:
        at_rest = agency.at_rest()
        items = agency.ask("notifications", f"/recipients/{told.coordinator}/inbox", limit=200)["items"]
        types = {item["type"] for item in items}
        sent = all(delivery["status"] == "sent" for item in items for delivery in item["deliveries"])
        return items if {"deployability_lost", "session_cancelled"} <= types and sent and at_rest else None

    return eventually(found, seconds=30) or []


def test_the_coordinator_is_told_in_the_inbox_and_by_mail(agency: Agency, told: Told) -> None:
    items = inbox(agency, told)
    found = {item["type"]: item for item in items}
    assert {"request_received", "match_offered", "assignment_started"} <= found.keys()
    lost = found["deployability_lost"]
    assert (lost["urgent"], lost["mentor_name"]) == (True, "Grace Okafor")
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted((agency.system.data / "mail").glob("*.eml"))
    ]
    to_ruth = [mail["Message-ID"] for mail in mails if mail["To"] == "Ruth Bello <ruth@example.org>"]
    ids = [message_id.strip("<>").partition("@")[0] for message_id in to_ruth]
    by_mail = [
        item["notification_id"]
        for item in items
        if any(delivery["channel"] == "email" for delivery in item["deliveries"])
    ]
    assert sorted(ids) == sorted(by_mail)
    assert lost["notification_id"] in ids
    subjects = " ".join(mail["Subject"] for mail in mails)
    assert not [name for name in ("Ada", "Hartley", "Grace", "Okafor") if name in subjects]


def timeline(agency: Agency, told: Told, **params: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = agency.ask("audit", f"/timelines/children/{told.child}", limit=7, **params, **cursor)
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


def names(facts: list[dict[str, Any]]) -> list[str]:
    return [fact["type"].split(".")[1] for fact in facts]


def whole(agency: Agency, told: Told) -> list[dict[str, Any]]:
    """The timeline once everything has arrived."""
    eventually(lambda: "SessionCancelled" in names(timeline(agency, told)))
    return timeline(agency, told)


def test_the_childs_timeline_crosses_all_services_in_the_order_of_recording(
    agency: Agency, told: Told
) -> None:
    inbox(agency, told)
    facts = whole(agency, told)
    assert {fact["source"] for fact in facts} >= {"assignments", "training", "sessions", "notifications"}
    assert [fact["recorded_at"] for fact in facts] == sorted(fact["recorded_at"] for fact in facts)
    told_in_order = ["SupportRequestReceived", "ChildAccepted", "MentorAssigned", "MentorStoodDown"]
    assert [name for name in names(facts) if name in told_in_order] == told_in_order
    stood_down = next(fact for fact in facts if fact["type"].startswith("training.MentorStoodDown"))
    assert stood_down["through"] == told.mentor


def test_a_fact_is_shown_with_exactly_the_bytes_that_were_published(agency: Agency, told: Told) -> None:
    for fact in timeline(agency, told)[:5]:
        url = agency.system.urls["audit"].removesuffix("/audit") + fact["exact"]
        answer = agency.client.get(url, headers=agency.headers("auditor", "ann"))
        assert sha256(answer.content).hexdigest() == fact["sha256"] == answer.headers["alongside-sha256"]
        assert answer.headers["content-type"] == "application/cloudevents+json"
        assert json.loads(answer.content)["id"] == fact["id"]


def test_the_state_before_the_expiry_is_still_what_it_was_and_always_hashes_the_same(
    agency: Agency, told: Told
) -> None:
    before = (told.before + timedelta(days=331)).isoformat()
    whole(agency, told)
    answers = [agency.ask("audit", f"/state/children/{told.child}", known_at=before) for _ in range(2)]
    for answer in answers:
        answer.pop("ledger")  # the tree that it rests on grows meanwhile
    assert answers[0] == answers[1]
    answer = answers[0]
    unhashed = {key: value for key, value in answer.items() if key != "result_sha256"}
    written = json.dumps(unhashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(written.encode()).hexdigest() == answer["result_sha256"]
    state = answer["state"]
    assert (state["status"], state["provision"]["minutes_per_week"]) == ("active", 900)
    (mentor,) = state["mentors"]
    assert mentor["mentor_id"] == told.mentor
    assert mentor["compliance"] == {"cleared_by_training": True, "in_date": True, "lacking": []}
    day = (told.before + timedelta(days=370)).date().isoformat()
    now = agency.ask("audit", f"/state/children/{told.child}", on=day)["state"]
    (mentor,) = now["mentors"]
    assert mentor["compliance"]["cleared_by_training"] is False
    assert {found["item"] for found in mentor["compliance"]["lacking"]} == {
        "slt",
        "ot",
        "bed",
        "safeguarding",
    }
    assert now["sessions"]["cancelled"] == 1


def test_what_audit_keeps_is_what_every_service_recorded(agency: Agency, told: Told) -> None:
    """Also its own facts, of who looked at what."""

    def caught_up() -> bool:
        heads = {name: agency.status(name)["head"] for name in SERVICES}
        followed = {
            found["source"]: found["position"]
            for found in agency.status("audit")["projections"]
            if found["name"] == "ledger"
        }
        return followed == heads == {name: agency.status(name)["head"] for name in SERVICES}

    eventually(caught_up, seconds=30)
