"""How people want to be told, over HTTP and with a real database: nights, digests, escalation, a list of alerts."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.domain.recipient import recipient_of_mentor
from services.notifications.main import service
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.concern import SafeguardingConcernRaised
from shared.contracts.assignments.mentor import MentorAbsenceReported, MentorEngaged, MentorLeft
from shared.contracts.sessions.session import SessionCancelled, SessionRescheduled, SessionScheduled
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
)
from shared.contracts.training.standing import MentorStoodDown
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, SCHOOL
from tests.support.served import Served, served
from tests.support.sink import Sink

EVENING = datetime(2031, 6, 16, 21, 0, tzinfo=UTC)  # a Monday, 22:00 in London
MORNING = datetime(2031, 6, 17, 6, 0, tzinfo=UTC)  # 07:00 in London
NIGHT = {"quiet_from": "20:00", "quiet_until": "07:00"}
GRACE = str(recipient_of_mentor(MENTOR))


@pytest.fixture
async def agency(database_url: str, sink: Sink) -> AsyncIterator[Served]:
    """In the evening, with a mentor who supports a child."""
    async with served(service, database_url, EVENING) as found:
        await found.hear("assignments", example(ChildAccepted), example(MentorEngaged))
        yield found


async def recipient(agency: Served, role: str = "coordinator", **more: Any) -> str:
    body = {"role": role, "name": f"The {role}", "email": f"{role}@example.org", **more}
    found: str = (await agency.done("/recipients", body))["recipient_id"]
    return found


async def wish(agency: Served, recipient_id: str, **wishes: Any) -> None:
    answer = await agency.client.put(
        f"/notifications/recipients/{recipient_id}/preferences",
        json=wishes,
        headers={"Idempotency-Key": str(wishes), "Authorization": "Bearer dev:coordinator:uk-london:ruth"},
    )
    assert answer.status_code == 200, answer.text
    await agency.settle()


async def inbox(agency: Served, recipient_id: str, **query: Any) -> list[dict[str, Any]]:
    page: dict[str, Any] = await agency.ask(f"/recipients/{recipient_id}/inbox", **query)
    found: list[dict[str, Any]] = page["items"]
    return found


async def log(agency: Served, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await agency.ask("/deliveries", **query))["items"]
    return found


def mails_to(sink: Sink, role: str) -> list[Any]:
    return [mail for mail in sink.mails if f"{role}@example.org" in str(mail["To"])]


async def test_mail_waits_for_the_morning_unless_it_is_urgent(agency: Served, sink: Sink) -> None:
    ruth = await recipient(agency)
    await wish(agency, ruth, **NIGHT)
    await agency.hear("assignments", example(MentorAssigned))
    (told,) = await inbox(agency, ruth)
    assert {way["channel"]: way["status"] for way in told["deliveries"]} == {
        "in_app": "sent",
        "email": "held",
    }
    assert not mails_to(sink, "coordinator")
    (held,) = await log(agency, status="held")
    assert held["deliver_after"] == "2031-06-17T06:00:00Z"
    await agency.hear("training", example(MentorStoodDown))
    assert len(mails_to(sink, "coordinator")) == 1
    await agency.pass_time(MORNING)
    assert len(mails_to(sink, "coordinator")) == 2
    assert not await log(agency, status="held")


async def test_what_was_read_in_the_evening_is_not_mailed_in_the_morning(agency: Served, sink: Sink) -> None:
    ruth = await recipient(agency)
    await wish(agency, ruth, **NIGHT)
    await agency.hear("assignments", example(MentorAssigned))
    (told,) = await inbox(agency, ruth, unread=True)
    await agency.done(f"/notifications/{told['notification_id']}/read")
    assert not await inbox(agency, ruth, unread=True)
    page = await agency.ask(f"/recipients/{ruth}/inbox")
    assert (page["unread"], page["items"][0]["acknowledged_at"]) == (0, None)
    await agency.pass_time(MORNING)
    assert not mails_to(sink, "coordinator")
    assert [way["status"] for way in await log(agency, channel="email", recipient_id=ruth)] == ["dropped"]


async def test_a_digest_tells_of_everything_in_one_message(agency: Served, sink: Sink) -> None:
    ruth = await recipient(agency)
    await wish(agency, ruth, digest="daily", digest_hour=17)
    absent = example(MentorAbsenceReported).model_copy(update={"absent_from": date(2031, 7, 1)})
    await agency.hear("assignments", example(MentorAssigned), absent)
    assert len(await inbox(agency, ruth)) == 2
    assert not mails_to(sink, "coordinator")
    await agency.pass_time(EVENING + timedelta(days=2))
    assert len(mails_to(sink, "coordinator")) == 1
    facts = await agency.facts()
    assert facts.count("notifications.DigestSent.v1") == 1
    assert {way["status"] for way in await log(agency, channel="email", recipient_id=ruth)} == {"sent"}
    await agency.pass_time(EVENING + timedelta(days=9))
    assert len(mails_to(sink, "coordinator")) == 1, "nothing new, no digest"


async def test_a_moved_session_takes_the_place_of_what_has_not_gone_out(agency: Served, sink: Sink) -> None:
    ruth = await recipient(agency)
    await wish(agency, ruth, **NIGHT)
    moved = example(SessionRescheduled)
    far = {"rescheduled_at": moved.starts_at - timedelta(days=30)}
    first = moved.model_copy(update={**far, "starts_at": moved.starts_at - timedelta(minutes=30)})
    await agency.hear("sessions", first)
    await agency.pass_time(EVENING + timedelta(minutes=1))
    await agency.hear("sessions", moved.model_copy(update=far))
    newer, older = await inbox(agency, ruth)
    assert older["superseded_by"] == newer["notification_id"]
    await agency.pass_time(MORNING)
    assert len(mails_to(sink, "coordinator")) == 1


async def test_nobody_acknowledged_so_the_manager_hears_and_one_acknowledgement_answers_for_all(
    agency: Served,
) -> None:
    ruth, noor = await recipient(agency), await recipient(agency, email="noor@example.org")
    manager = await recipient(agency, "manager")
    await agency.hear("training", example(MentorStoodDown))
    assert len(await inbox(agency, manager)) == 1
    await agency.pass_time(EVENING + timedelta(minutes=59))
    assert len(await inbox(agency, manager)) == 1
    await agency.pass_time(EVENING + timedelta(minutes=61))
    passed_on, _ = await inbox(agency, manager)
    assert passed_on["escalated_from"] in {
        (await inbox(agency, one))[0]["notification_id"] for one in (ruth, noor)
    }
    again = example(MentorStoodDown).model_copy(update={"stood_down_on": date(2031, 6, 17)})
    await agency.hear("training", again)
    told = (await inbox(agency, ruth, unacknowledged=True))[0]
    await agency.done(f"/notifications/{told['notification_id']}/acknowledgement")
    await agency.pass_time(EVENING + timedelta(days=1))
    assert len(await inbox(agency, manager)) == 3
    assert (await agency.facts()).count("notifications.NotificationEscalated.v1") == 1


async def test_who_was_removed_is_told_nothing_and_what_waited_is_not_sent(
    agency: Served, sink: Sink
) -> None:
    ruth = await recipient(agency)
    await wish(agency, ruth, **NIGHT)
    await agency.hear("assignments", example(MentorAssigned))
    gone = await agency.client.delete(
        f"/notifications/recipients/{ruth}",
        headers={"Idempotency-Key": "gone", "Authorization": "Bearer dev:manager:uk-london:mia"},
    )
    assert gone.status_code == 200, gone.text
    await agency.settle()
    await agency.hear("training", example(MentorStoodDown))
    await agency.pass_time(MORNING)
    assert not mails_to(sink, "coordinator")
    (called_off,) = (await agency.ask("/notifications", suppressed="recipient_removed"))["items"]
    assert called_off["type"] == "assignment_started", "of what came after, nothing is kept for ever"
    assert ruth not in [one["recipient_id"] for one in (await agency.ask("/recipients"))["items"]]
    assert await recipient(agency) != ruth, "the address is free again"


async def test_nobody_is_alarmed_by_what_runs_out_for_a_mentor_who_left(agency: Served, sink: Sink) -> None:
    await recipient(agency)
    left = example(MentorLeft).model_copy(update={"left_on": EVENING.date()})
    await agency.hear("assignments", left)
    await agency.hear("training", example(MentorStoodDown))
    await agency.pass_time(EVENING + timedelta(days=1))
    assert not mails_to(sink, "coordinator")
    assert len((await agency.ask("/notifications", suppressed="mentor_left"))["items"]) == 2
    assert "notifications.NotificationEscalated.v1" not in await agency.facts()
    await agency.hear("assignments", example(MentorEngaged))
    await agency.hear("training", example(MentorStoodDown))
    assert mails_to(sink, "coordinator")


async def test_a_mentor_who_left_is_told_nothing_a_week_later_unless_engaged_anew(agency: Served) -> None:
    left = example(MentorLeft).model_copy(update={"left_on": date(2031, 7, 1)})
    await agency.hear("assignments", left)
    await agency.pass_time(datetime(2031, 7, 7, 23, 0, tzinfo=UTC))
    assert (await agency.ask("/recipients", role="coordinator", mentor_id=MENTOR))["items"]
    await agency.pass_time(datetime(2031, 7, 8, 0, 0, tzinfo=UTC))
    assert not (await agency.ask("/recipients", mentor_id=MENTOR))["items"]
    await agency.hear("assignments", left, example(MentorEngaged))
    await agency.pass_time(datetime(2031, 9, 1, tzinfo=UTC))
    assert (await agency.ask("/recipients", mentor_id=MENTOR))["items"]


async def test_a_session_is_brought_to_mind_the_evening_before_unless_it_is_off(agency: Served) -> None:
    scheduled = example(SessionScheduled)
    nine = datetime(2031, 6, 20, 8, 0, tzinfo=UTC)
    first, second = (
        scheduled.model_copy(
            update={"session_id": UUID(int=n), "starts_at": nine, "ends_at": nine + timedelta(hours=2)}
        )
        for n in (1, 2)
    )
    off = example(SessionCancelled).model_copy(update={"session_id": UUID(int=2), "starts_at": nine})
    await agency.hear("sessions", first, second, off)
    await agency.pass_time(nine - timedelta(hours=16))
    assert not await inbox(agency, GRACE, type="session_reminder")
    await agency.pass_time(nine - timedelta(hours=14))
    (reminded,) = await inbox(agency, GRACE, type="session_reminder")
    assert reminded["session_id"] == str(UUID(int=1))


async def test_those_whom_a_mentor_supports_hear_of_the_mentors_absence(agency: Served) -> None:
    parent = await recipient(agency, "parent", child_id=str(CHILD))
    school = await recipient(agency, "school", school_id=str(SCHOOL))
    await agency.hear("assignments", example(MentorAssigned), example(MentorAbsenceReported))
    for hearer in (parent, school):
        told = (await inbox(agency, hearer, type="mentor_absent"))[0]
        assert "illness" not in str(told)


async def test_a_dead_letter_is_tried_again_when_the_office_says_so(agency: Served, sink: Sink) -> None:
    sink.answer = "550 5.1.1 no such person"
    ruth = await recipient(agency)
    await agency.hear("training", example(MentorStoodDown))
    (dead,) = await log(agency, status="dead", recipient_id=ruth)
    sink.answer = None
    path = f"/notifications/{dead['notification_id']}/retry"
    refused = await agency.command(path, {"channel": "email"}, role="mentor")
    assert refused.status_code == 403
    await agency.done(path, {"channel": "email"}, role="operator")
    assert len(mails_to(sink, "coordinator")) == 1
    not_dead = await agency.command(path, {"channel": "email"})
    assert (not_dead.status_code, not_dead.json()["code"]) == (409, "not_dead")


async def test_the_delivery_log_pages_through_everything_once(agency: Served) -> None:
    await recipient(agency)
    await agency.hear("assignments", example(MentorAssigned))
    await agency.hear("training", example(MentorStoodDown))
    everything = await log(agency)
    seen: list[tuple[str, str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await agency.ask("/deliveries", limit=3, **cursor)
        seen += [(one["notification_id"], one["channel"]) for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == [(one["notification_id"], one["channel"]) for one in everything]
    assert len(set(seen)) == len(seen) > 6
    assert not await log(agency, until=EVENING - timedelta(days=9999))


async def test_a_concern_is_known_to_the_safeguarding_lead_alone(agency: Served, sink: Sink) -> None:
    lead, manager = await recipient(agency, "dsl"), await recipient(agency, "manager")
    await agency.hear("assignments", example(SafeguardingConcernRaised))
    (told,) = (await agency.ask(f"/recipients/{lead}/inbox", role="dsl"))["items"]
    assert (told["type"], told["child_id"], told["child_name"]) == ("safeguarding_concern", None, None)
    assert not await inbox(agency, manager)
    for role in ("coordinator", "manager", "auditor", "operator"):
        assert not (await agency.ask(f"/recipients/{lead}/inbox", role=role))["items"]
        assert not (await agency.ask("/notifications", role=role))["items"]
        assert not (await agency.ask("/deliveries", role=role))["items"]
        hidden = await agency.get(f"/notifications/{told['notification_id']}", role=role)
        assert hidden.status_code == 404
    (mail,) = mails_to(sink, "dsl")
    for word in ("Ada", "Hartley", "A. H.", example(SafeguardingConcernRaised).kind, str(CHILD)):
        assert word not in mail.as_string()
    await agency.pass_time(EVENING + timedelta(minutes=61))
    assert len((await agency.ask(f"/recipients/{lead}/inbox", role="dsl"))["items"]) == 2, "said again"
    assert not await inbox(agency, manager)


async def test_which_alerts_fired_before_a_lapse_who_acknowledged_and_how_long_until_action(
    agency: Served,
) -> None:
    trainer, manager = await recipient(agency, "trainer"), await recipient(agency, "manager")
    for days_left in (90, 30):
        left = example(CertificationExpiring).model_copy(update={"days_left": days_left, "track": "slt"})
        await agency.hear("training", left)
        await agency.pass_time(agency.clock.now() + timedelta(days=1))
    lapse = agency.clock.now() + timedelta(days=30)
    await agency.pass_time(lapse)
    await agency.hear("training", example(CertificationExpired).model_copy(update={"track": "slt"}))
    await agency.pass_time(lapse + timedelta(hours=2))
    (told,) = await inbox(agency, trainer, unacknowledged=True)
    await agency.done(f"/notifications/{told['notification_id']}/acknowledgement", role="trainer")
    await agency.pass_time(lapse + timedelta(days=3))
    await agency.hear("training", example(CertificationGranted).model_copy(update={"track": "slt"}))
    asked: dict[str, Any] = {"mentor_id": MENTOR, "track": "slt"}
    before = (await agency.ask("/alerts", role="auditor", before=lapse.isoformat(), **asked))["items"]
    assert [(one["type"], one["parameters"]["days_left"]) for one in before] == [
        ("certification_expiring", "30"),
        ("certification_expiring", "90"),
    ]
    assert {one["role"] for one in before[0]["told"]} == {"mentor", "trainer"}
    assert {one["role"] for one in before[1]["told"]} == {"mentor"}
    latest = (await agency.ask("/alerts", role="auditor", **asked))["items"][0]
    assert latest["type"] == "certification_expired"
    assert latest["acknowledged"] == {
        "at": latest["acknowledged"]["at"], "after_seconds": 2 * 3600, "by": trainer, "role": "trainer",
    }  # fmt: skip
    assert (latest["settled"]["what"], latest["settled"]["after_seconds"]) == (
        "CertificationGranted",
        3 * 86400,
    )
    assert manager in {one["recipient_id"] for one in latest["told"]}
    page = await agency.ask("/alerts", role="auditor", limit=1, **asked)
    rest = await agency.ask("/alerts", role="auditor", cursor=page["next"], **asked)
    paged = [one["cause"] for one in (*page["items"], *rest["items"])]
    assert paged == [latest["cause"], *(one["cause"] for one in before)]
    both = await agency.get("/alerts", role="auditor", clearance="dbs_enhanced", **asked)
    assert both.status_code == 422
    assert not (await agency.ask("/alerts", role="auditor", mentor_id=MENTOR, clearance="dbs_enhanced"))[
        "items"
    ]


async def test_what_somebody_chose_is_shown_and_checked(agency: Served) -> None:
    ruth = await recipient(agency, phone="+447700900123", language="cy")
    path = f"/recipients/{ruth}/preferences"
    assert (await agency.ask(path))["digest"] == "none"
    await wish(agency, ruth, digest="weekly", digest_weekday=1, channels={"sessions": ["in_app"]}, **NIGHT)
    shown = await agency.ask(path)
    assert (shown["digest"], shown["quiet_from"], shown["language"]) == ("weekly", "20:00", "cy")
    assert shown["channels"] == {"sessions": ["in_app"]}
    corrected = await agency.client.put(
        f"/notifications/recipients/{ruth}",
        json={"role": "coordinator", "name": "Ruth Marsh", "email": "ruth@example.org"},
        headers={"Idempotency-Key": "corrected", "Authorization": "Bearer dev:coordinator:uk-london:ruth"},
    )
    assert corrected.status_code == 200
    await agency.settle()
    assert (await agency.ask(path))["language"] == "cy", "a correction does not change the language"
    somebody_else = await agency.get(path, role="mentor", name="somebody-else")
    assert somebody_else.status_code == 404
    for wrong, code in (
        ({"quiet_from": "20:00"}, "invalid_quiet_hours"),
        ({"time_zone": "Europe/Nowhere"}, "invalid_time_zone"),
        ({"channels": {"nothing": ["in_app"]}}, "invalid_request"),
    ):
        answer = await agency.client.put(
            f"/notifications{path}",
            json=wrong,
            headers={"Idempotency-Key": code, "Authorization": "Bearer dev:coordinator:uk-london:ruth"},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    silly = await agency.command(
        "/recipients", {"role": "trainer", "name": "T", "email": "t@example.org", "phone": "0770 0900"}
    )
    assert (silly.status_code, silly.json()["code"]) == (422, "invalid_phone")
