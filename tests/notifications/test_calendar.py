"""Calendars: the same session keeps its place, changes are seen, and only initials are told."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import text
from structlog.testing import capture_logs

from services.notifications.channels.ics import ics
from services.notifications.domain.calendar_link import IssueLink, calendar_link
from services.notifications.projections.calendar import calendar
from services.notifications.read_model.calendar import Entry, Reader
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.notifications.calendar import CalendarLinkIssued
from shared.contracts.sessions.session import SessionCancelled, SessionRescheduled, SessionScheduled
from shared.kernel.rows import Add
from tests.notifications.test_over_http import GRACE, register
from tests.notifications.test_policies import as_recorded
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import CHILD, MENTOR, SCHOOL
from tests.support.served import Served

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
READER = Reader(UUID(int=1), "mentor", "en", MENTOR, None, None)
ENTRY = Entry(
    UUID(int=9),
    datetime(2026, 9, 7, 8, tzinfo=UTC),
    datetime(2026, 9, 7, 10, tzinfo=UTC),
    "Europe/London",
    False,
    False,
    0,
    NOW,
    "Ada Hartley",
    "Grace Okafor",
)


def events(content: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


async def read(notifications: Served, url: str, **headers: str) -> Any:
    """As a calendar program does: without a name."""
    return await notifications.client.get(url, headers=headers)


async def link(notifications: Served, recipient_id: str = GRACE, **who: str) -> str:
    made = await notifications.done(f"/recipients/{recipient_id}/calendar-link", None, **who)
    return str(made["url"])


async def planned(notifications: Served) -> SessionScheduled:
    """A session tomorrow, of people who are known."""
    await notifications.hear("assignments", example(ChildAccepted), example(MentorEngaged))
    begins = notifications.clock.now().replace(microsecond=0) + timedelta(days=1)
    session = example(SessionScheduled).model_copy(
        update={"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    )
    await notifications.hear("sessions", session)
    return session


async def test_an_address_is_told_once_and_its_secret_is_neither_kept_nor_logged(
    notifications: Served,
) -> None:
    path = f"/recipients/{GRACE}/calendar-link"
    await notifications.hear("assignments", example(MentorEngaged))
    first = await notifications.done(path, None, key="one")
    again = await notifications.done(path, None, key="one")
    assert again == {**first, "url": None}
    secret = str(first["url"]).rsplit("/", 1)[1].removesuffix(".ics")
    async with notifications.running.engine.connect() as db:
        kept = [bytes(each) for each in await db.scalars(text("SELECT response FROM requests"))]
    assert kept
    assert not [each for each in kept if secret.encode() in each]
    assert (await read(notifications, str(first["url"]))).status_code == 200, (
        "the repeated command voids nothing"
    )
    with capture_logs() as lines:
        await read(notifications, str(first["url"]).replace(".ics", ".isc"))
    assert [line["path"] for line in lines] == ["/notifications/calendar/....isc"]


async def test_a_session_that_is_moved_and_cancelled_stays_the_same_event_and_names_nobody(
    notifications: Served,
) -> None:
    session = await planned(notifications)
    url = await link(notifications)
    uid = f"{session.session_id}@uk-london.alongside"
    answer = await read(notifications, url)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    for name in ("Ada", "Hartley", "Grace", "Okafor"):
        assert name not in answer.text
    same = await read(notifications, url, **{"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    first = events(answer.content)[uid]
    assert (first["sequence"], first["status"]) == (0, "CONFIRMED")
    assert first["dtstart"].dt == session.starts_at
    assert str(first["summary"]) == "Session with A. H."

    later = {
        "starts_at": session.starts_at + timedelta(hours=1),
        "ends_at": session.ends_at + timedelta(hours=1),
    }
    ids = session.model_dump(include={"session_id", "assignment_id", "mentor_id", "child_id", "school_id"})
    moved = example(SessionRescheduled).model_copy(update={**ids, **later})
    await notifications.hear("sessions", moved)
    second = events((await read(notifications, url)).content)[uid]
    assert (second["sequence"], second["dtstart"].dt) == (1, later["starts_at"])

    await notifications.hear("sessions", example(SessionCancelled).model_copy(update={**ids, **later}))
    third = events((await read(notifications, url)).content)
    assert list(third) == [uid]
    assert (third[uid]["sequence"], third[uid]["status"]) == (2, "CANCELLED")
    assert third[uid]["last-modified"].dt >= second["last-modified"].dt
    assert await notifications.parked() == 0


async def test_a_new_address_makes_the_old_one_void_and_no_fact_tells_it(notifications: Served) -> None:
    await notifications.hear("assignments", example(MentorEngaged))
    old = await link(notifications)
    assert (await read(notifications, old)).status_code == 200
    new = await link(notifications)
    assert old != new
    gone = await read(notifications, old)
    assert gone.status_code == 404
    assert old.rsplit("/", 1)[1].removesuffix(".ics") not in gone.text
    assert (await read(notifications, new)).status_code == 200
    secret = new.rsplit("/", 1)[1].removesuffix(".ics")
    assert len(secret) >= 43
    stored = [event.state for event in await notifications.running.store.read(0)]
    assert not [state for state in stored if secret.encode() in state]
    assert [state for state in stored if sha256(secret.encode()).hexdigest().encode() in state]


async def test_a_mentor_makes_their_own_address_and_nobody_elses(notifications: Served) -> None:
    await notifications.hear("assignments", example(MentorEngaged))
    assert await link(notifications, role="mentor", name=str(MENTOR))
    refused = await notifications.command(
        f"/recipients/{GRACE}/calendar-link", None, role="mentor", name="somebody"
    )
    assert refused.status_code == 403
    ruth = await register(notifications)
    none = await notifications.command(f"/recipients/{ruth}/calendar-link")
    assert (none.status_code, none.json()["code"]) == (409, "no_calendar")


async def test_a_parent_and_a_school_read_theirs(notifications: Served) -> None:
    session = await planned(notifications)
    parent = await register(
        notifications, role="parent", name="A parent", email="p@example.org", child_id=str(CHILD)
    )
    school = await register(
        notifications, role="school", name="The office", email="s@example.org", school_id=str(SCHOOL)
    )
    stranger = await register(
        notifications, role="parent", name="Another", email="q@example.org", child_id=str(uuid4())
    )
    uid = f"{session.session_id}@uk-london.alongside"
    for recipient_id in (parent, school):
        found = events((await read(notifications, await link(notifications, recipient_id))).content)
        assert str(found[uid]["summary"]) == "A. H. with G. O."
    assert not events((await read(notifications, await link(notifications, stranger))).content)


def test_times_are_the_schools_through_the_change_of_clocks() -> None:
    winter = datetime(2026, 11, 2, 9, tzinfo=UTC)
    entries = [ENTRY, Entry(UUID(int=10), winter, winter + timedelta(hours=2), *[
        getattr(ENTRY, name) for name in Entry.__slots__[3:]])]  # fmt: skip
    text = ics(READER, entries, "uk-london").decode()
    assert "DTSTART;TZID=Europe/London:20260907T090000" in text
    assert "DTSTART;TZID=Europe/London:20261102T090000" in text
    assert "BEGIN:VTIMEZONE" in text


def test_a_calendar_is_in_its_readers_language() -> None:
    reader = Reader(UUID(int=1), "mentor", "cy", MENTOR, None, None)
    assert "Sesiwn gyda A. H." in ics(reader, [ENTRY], "uk-london").decode()


@for_all(st.lists(st.sampled_from(["move", "cancel"]), max_size=8))
def test_the_sequence_grows_with_every_change_and_with_nothing_else(changes: list[str]) -> None:
    facts: list[Any] = [example(SessionScheduled)]
    facts += [example(SessionRescheduled if change == "move" else SessionCancelled) for change in changes]
    added = [
        row.by["sequence"] for fact in facts for row in calendar(as_recorded(fact)) if isinstance(row, Add)
    ]
    assert added[0] == 0
    assert sum(added) == len(changes)


def test_asking_with_the_same_secret_again_changes_nothing() -> None:
    ask = IssueLink(UUID(int=1), "mentor", "d", NOW)
    issued = CalendarLinkIssued(recipient_id=UUID(int=1), digest="d", issued_at=NOW)
    given(calendar_link).when(ask).then(issued)
    given(calendar_link, issued).when(ask).then_nothing()


@pytest.mark.parametrize("role", ["coordinator", "dsl", "manager"])
def test_the_office_has_no_sessions_of_its_own(role: str) -> None:
    given(calendar_link).when(IssueLink(UUID(int=1), role, "d", NOW)).refused("no_calendar")
