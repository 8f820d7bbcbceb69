"""Notifications over HTTP, with a real database and a real mail server: nobody is forgotten."""

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.domain.recipient import recipient_of_mentor
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.sessions.session_log import RoleBoundaryBreached
from shared.contracts.training.standing import MentorStoodDown
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, SCHOOL
from tests.support.served import Served
from tests.support.sink import Sink

RUTH = {"role": "coordinator", "name": "Ruth Bello", "email": "ruth.bello@example.org"}
GRACE = str(recipient_of_mentor(MENTOR))


async def register(notifications: Served, **details: Any) -> str:
    found: str = (await notifications.done("/recipients", {**RUTH, **details}))["recipient_id"]
    return found


async def in_inbox(notifications: Served, recipient_id: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await notifications.ask(f"/recipients/{recipient_id}/inbox", **query))[
        "items"
    ]
    return found


async def test_a_stand_down_reaches_coordinator_and_mentor_in_the_inbox_and_by_mail(
    notifications: Served, sink: Sink
) -> None:
    ruth = await register(notifications)
    await notifications.hear("assignments", example(MentorEngaged))
    await notifications.hear("training", example(MentorStoodDown))
    (told,) = await in_inbox(notifications, ruth)
    assert told["type"] == "deployability_lost"
    assert told["urgent"]
    assert told["mentor_name"] == "Grace Okafor"
    assert {found["channel"]: found["status"] for found in told["deliveries"]} == {
        "in_app": "sent",
        "email": "sent",
    }
    assert len(await in_inbox(notifications, GRACE)) == 1
    assert sorted(mail["To"] for mail in sink.mails) == [
        "Grace Okafor <grace.okafor@example.org>",
        "Ruth Bello <ruth.bello@example.org>",
    ]
    for mail in sink.mails:
        assert "Grace" not in mail["Subject"]
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert "Mentor: G. O." in plain.get_content()
    expected = f"<{told['notification_id']}@uk-london.agency.example>"
    assert expected in [mail["Message-ID"] for mail in sink.mails]


async def test_who_hears_of_an_assignment_depends_on_whom_they_are_linked_to(notifications: Served) -> None:
    parent = await register(
        notifications, role="parent", name="A parent", email="p@example.org", child_id=str(CHILD)
    )
    school = await register(
        notifications, role="school", name="The office", email="s@example.org", school_id=str(SCHOOL)
    )
    stranger = await register(
        notifications, role="parent", name="Another", email="q@example.org", child_id=str(MENTOR)
    )
    facts = (example(ChildAccepted), example(MentorEngaged), example(MentorAssigned))
    await notifications.hear("assignments", *facts)
    for recipient_id in (parent, school, GRACE):
        (told,) = await in_inbox(notifications, recipient_id)
        assert (told["type"], told["child_name"]) == ("assignment_started", "Ada Hartley")
    assert not await in_inbox(notifications, stranger)


async def test_a_mail_server_that_is_away_loses_nothing(notifications: Served, sink: Sink) -> None:
    ruth = await register(notifications)
    sink.answer = "451 4.3.0 away"
    await notifications.hear("training", example(MentorStoodDown))
    (told,) = await in_inbox(notifications, ruth)
    email = next(found for found in told["deliveries"] if found["channel"] == "email")
    assert (email["status"], email["attempt"]) == ("waiting", 1)
    assert email["reason"] == "the mail server answered 451 4.3.0"
    assert not sink.mails
    await notifications.pass_time(notifications.clock.now() + timedelta(minutes=5))
    still = (await in_inbox(notifications, ruth))[0]["deliveries"]
    assert next(found for found in still if found["channel"] == "email")["attempt"] > 1
    sink.answer = None
    await notifications.pass_time(notifications.clock.now() + timedelta(hours=1))
    (told,) = await in_inbox(notifications, ruth)
    assert {found["status"] for found in told["deliveries"]} == {"sent"}
    assert [mail["To"] for mail in sink.mails] == ["Ruth Bello <ruth.bello@example.org>"]
    assert await notifications.parked() == 0


async def test_an_address_the_mail_server_does_not_know_is_given_up_and_found_by_the_office(
    notifications: Served, sink: Sink
) -> None:
    await register(notifications)
    sink.answer = "550 5.1.1 no such person"
    await notifications.hear("assignments", example(MentorEngaged))
    await notifications.hear("training", example(MentorStoodDown))
    page = await notifications.ask("/notifications", status="dead", type="deployability_lost")
    assert len(page["items"]) == 2
    assert not (await notifications.ask("/notifications", status="waiting"))["items"]


async def test_only_the_recipient_acknowledges_and_then_it_is_read(notifications: Served) -> None:
    ruth = await register(notifications)
    await notifications.hear("sessions", example(RoleBoundaryBreached))
    (told,) = await in_inbox(notifications, ruth, unread=True)
    path = f"/notifications/{told['notification_id']}/acknowledgement"
    refused = await notifications.command(path, role="auditor", name="someone")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    await notifications.done(path)
    await notifications.done(path)
    assert not await in_inbox(notifications, ruth, unread=True)
    (told,) = await in_inbox(notifications, ruth)
    assert told["acknowledged_at"] is not None
    assert (await notifications.facts()).count("notifications.NotificationAcknowledged.v1") == 1


async def test_a_mentor_sees_their_own_inbox_and_no_other(notifications: Served) -> None:
    ruth = await register(notifications)
    await notifications.hear("assignments", example(MentorEngaged))
    own = await notifications.get(f"/recipients/{GRACE}/inbox", role="mentor", name=str(MENTOR))
    assert own.status_code == 200
    for recipient_id, name in ((ruth, str(MENTOR)), (GRACE, "somebody-else")):
        answer = await notifications.get(f"/recipients/{recipient_id}/inbox", role="mentor", name=name)
        assert answer.status_code == 403


async def test_a_name_that_happens_to_be_a_word_for_nothing_opens_no_inbox(notifications: Served) -> None:
    details = {"name": "A parent", "email": "p@example.org", "child_id": str(CHILD), "school_id": str(SCHOOL)}
    parent = await register(notifications, role="parent", **details)
    for name, status in ((str(CHILD), 200), ("p@example.org", 200), ("None", 403), (str(SCHOOL), 403)):
        answer = await notifications.get(f"/recipients/{parent}/inbox", role="parent", name=name)
        assert answer.status_code == status, name


async def test_the_same_address_for_the_same_purpose_is_refused_and_details_are_changed_instead(
    notifications: Served,
) -> None:
    await register(notifications)
    again = await notifications.command("/recipients", {**RUTH, "email": "Ruth.Bello@example.org"})
    assert (again.status_code, again.json()["code"]) == (409, "already_registered")
    listed = await notifications.ask("/recipients", role="coordinator")
    assert [found["name"] for found in listed["items"]] == ["Ruth Bello"]


async def test_a_fact_delivered_twice_notifies_once(notifications: Served, sink: Sink) -> None:
    await register(notifications)
    await notifications.hear("training", example(MentorStoodDown))
    mails, facts = len(sink.mails), await notifications.facts()
    await notifications.settle()
    assert (len(sink.mails), await notifications.facts()) == (mails, facts)


async def test_an_inbox_pages_through_everything_once(notifications: Served) -> None:
    ruth = await register(notifications)
    breach = example(RoleBoundaryBreached)
    many = [breach.model_copy(update={"session_id": UUID(int=number)}) for number in range(5)]
    await notifications.hear("sessions", *many)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await notifications.ask(f"/recipients/{ruth}/inbox", limit=2, **cursor)
        seen += [found["notification_id"] for found in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("forged", [[], [1], ["yesterday", "x"], ["2026-01-01T00:00:00Z", 7], {}])
async def test_a_cursor_that_no_page_ended_with_is_refused(notifications: Served, forged: object) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(forged).encode()).decode()
    for path in ("/notifications", "/recipients"):
        answer = await notifications.get(path, cursor=cursor)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")
