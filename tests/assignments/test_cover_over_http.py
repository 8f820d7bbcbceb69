"""Over HTTP: a mentor is away, cover is looked for by itself, somebody stands in, and all of it can be told later."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.assignments.read_model.absence import needless
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.sessions.calendar import CalendarPublished, Closure, Term
from shared.contracts.sessions.ladder import SessionOverdue
from shared.contracts.sessions.session import SessionStarted
from shared.contracts.sessions.timetable import TimetableExpanded
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from shared.kernel.recorded import Recorded
from tests.assignments.over_http import (
    FERNHOLLOW,
    accepted_child,
    agreed,
    assigned,
    handed_over,
    import_schools,
    ready_mentor,
    said,
)
from tests.assignments.story import NEXT_MONDAY
from tests.support.examples import example
from tests.support.served import Served

WEEK = [NEXT_MONDAY + timedelta(days=n) for n in range(5)]


@pytest.fixture
async def service(assignments: Served, register: bytes) -> Served:
    await import_schools(assignments, register)
    return assignments


@pytest.fixture
async def ada(service: Served) -> str:
    return await accepted_child(service)


@pytest.fixture
async def grace(service: Served) -> str:
    return await ready_mentor(service)


async def absent(service: Served, mentor_id: str, since: date, until: date) -> None:
    body = {"absent_from": str(since), "absent_until": str(until), "reason": "illness"}
    await service.done(f"/mentors/{mentor_id}/absences", body, role="mentor", name=mentor_id)


async def accept(service: Served, cover_id: str, mentor_id: str, *days: date) -> Any:
    body = {"mentor_id": mentor_id, "days": [str(day) for day in days]}
    return await service.command(f"/covers/{cover_id}/accept", body, role="mentor", name=mentor_id)


async def with_child(service: Served, child_id: str, day: date) -> list[tuple[str, str]]:
    found = await service.ask(f"/children/{child_id}/coverage", on=day)
    return [(span["mentor_id"], span["role"]) for span in found["supporting"]]


async def test_a_mentor_is_ill_and_two_others_stand_in(service: Served, ada: str, grace: str) -> None:
    link = await assigned(service, ada, grace)
    noor, peter = await ready_mentor(service, "Noor"), await ready_mentor(service, "Peter")
    await absent(service, grace, WEEK[0], WEEK[0] + timedelta(days=7))
    (cover,) = (await service.ask("/covers", child_id=ada, status="requested"))["items"]
    cover_id = cover["cover_id"]
    assert (cover["form"], cover["reason"], cover["assignment_id"]) == ("broadcast", "mentor_absent", link)
    days = (await service.ask(f"/covers/{cover_id}"))["days"]
    assert [day["day"] for day in days] == [str(day) for day in WEEK], "the weekend needs nobody"
    assert await with_child(service, ada, WEEK[0]) == [], "and until somebody agrees nobody is there"
    assert said(await accept(service, cover_id, grace))[1] == "cover_by_absent_mentor"
    assert (await accept(service, cover_id, noor, *WEEK[:2])).status_code == 200
    assert said(await accept(service, cover_id, peter, WEEK[1]))[1] == "cover_day_gone"
    assert (await accept(service, cover_id, peter)).status_code == 200
    iris = await ready_mentor(service, "Iris")
    assert said(await accept(service, cover_id, iris))[1] == "cover_closed"
    assert (await service.ask(f"/covers/{cover_id}"))["status"] == "accepted"
    who = [await with_child(service, ada, day) for day in (WEEK[1], WEEK[2], WEEK[4] + timedelta(days=3))]
    assert who == [[(noor, "cover")], [(peter, "cover")], [(grace, "primary")]]
    (mine,) = (await service.ask("/assignments", mentor_id=noor))["items"]
    assert (mine["effective_from"], mine["effective_until"]) == (str(WEEK[0]), str(WEEK[2]))
    await service.pass_time(datetime(2026, 9, 9, 0, 0, tzinfo=UTC))
    (over,) = (await service.ask("/assignments", mentor_id=noor))["items"]
    assert (over["status"], over["reason"], over["ended_on"]) == ("ended", "cover_ended", str(WEEK[2]))
    query: dict[str, Any] = {"from": "2026-09-01", "to": "2026-09-15"}
    gaps = (await service.ask(f"/children/{ada}/gaps", **query))["gaps"]
    assert [(gap["kind"], gap["since"], gap["until"], gap["reason"]) for gap in gaps] == [
        ("no_primary", "2026-09-01", "2026-09-07", None),
        ("primary_away", "2026-09-07", "2026-09-12", "mentor_absent"),
    ]
    assert [(by["mentor_id"], len(by["days"])) for by in gaps[1]["covered_by"]] == [(noor, 2), (peter, 3)]
    assert gaps[1]["uncovered"] == []
    query["known_at"] = "2026-09-01T08:00:00Z"
    before = (await service.ask(f"/children/{ada}/gaps", **query))["gaps"]
    assert [gap["kind"] for gap in before] == ["no_primary"], "nothing of it was known an hour before"
    assert await service.parked() == 0


async def test_a_childs_plan_is_open_for_as_long_as_it_is_needed(
    service: Served, ada: str, grace: str
) -> None:
    await assigned(service, ada, grace)
    noor = await ready_mentor(service, "Noor")

    async def plan(mentor_id: str) -> tuple[int, Any]:
        answer = await service.get(f"/children/{ada}/plan", role="mentor", name=mentor_id)
        found = answer.json()
        return answer.status_code, found.get("detail") or found["as_role"]

    days = [str(day) for day in WEEK[2:4]]
    body = {"child_id": ada, "form": "assigned", "asked": [noor], "days": days}
    await service.done("/covers", body)
    assert (await plan(noor))[0] == 403
    assert "opens for you on 2026-09-08" in (await plan(noor))[1]
    service.clock.at = datetime(2026, 9, 8, 7, tzinfo=UTC)
    assert await plan(noor) == (200, "cover")
    assert await plan(grace) == (200, "primary")
    service.clock.at = datetime(2026, 9, 10, 22, tzinfo=UTC)
    assert await plan(noor) == (200, "cover")
    await service.pass_time(datetime(2026, 9, 11, 0, 0, tzinfo=UTC))
    assert (await plan(noor))[0] == 403
    assert "your last day with this child was 2026-09-10" in (await plan(noor))[1]
    assert (await plan(await ready_mentor(service, "Peter")))[0] == 403
    assert (await service.get(f"/children/{ada}/plan", role="mentor", name="grace")).status_code == 403


async def test_one_who_may_no_longer_be_with_a_child_is_stood_in_for_until_cleared(
    service: Served, ada: str, grace: str
) -> None:
    link = await assigned(service, ada, grace, service.clock.at.date())
    down = example(MentorStoodDown).model_copy(
        update={"mentor_id": UUID(grace), "stood_down_on": date(2026, 9, 2)}
    )
    await service.hear("training", down, down)
    (cover,) = (await service.ask("/covers", child_id=ada))["items"]
    assert (cover["reason"], cover["first_day"], cover["last_day"]) == (
        "mentor_stood_down",
        "2026-09-01" if service.clock.at.date() > down.stood_down_on else "2026-09-02",
        "2026-09-15",
    )
    (mentor,) = (await service.ask("/mentors", compliance="restricted"))["items"]
    assert [reason["said"] for reason in mentor["reasons"]] == [str(lack) for lack in down.reasons]
    cleared = {"mentor_id": UUID(grace), "cleared_on": date(2026, 9, 4)}
    await service.hear("training", example(MentorCleared).model_copy(update=cleared))
    days = (await service.ask(f"/covers/{cover['cover_id']}"))["days"]
    assert [day["state"] for day in days[:3]] == ["open", "open", "not_needed"]
    assert await with_child(service, ada, date(2026, 9, 4)) == [(grace, "primary")]
    assert await with_child(service, ada, date(2026, 9, 3)) == []
    history = (await service.ask(f"/assignments/{link}/history"))["items"]
    assert [step["fact"].split(".")[1] for step in history][-2:] == ["PrimaryStoodAside", "PrimaryStoodBack"]


async def test_a_session_nobody_has_started_looks_for_cover_of_that_day_after_half_an_hour(
    service: Served, ada: str, grace: str
) -> None:
    link = await assigned(service, ada, grace)
    service.clock.at = datetime(2026, 9, 7, 8, 15, tzinfo=UTC)
    late = example(SessionOverdue).model_copy(
        update={
            "mentor_id": UUID(grace),
            "child_id": UUID(ada),
            "assignment_id": UUID(link),
            "starts_at": datetime(2026, 9, 7, 8, 0, tzinfo=UTC),
            "minutes": 15,
        }
    )
    await service.hear("sessions", late)
    assert (await service.ask("/covers", child_id=ada))["items"] == []
    service.clock.at = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)
    await service.hear("sessions", late.model_copy(update={"minutes": 30}))
    (cover,) = (await service.ask("/covers", child_id=ada))["items"]
    assert (cover["reason"], cover["first_day"], cover["last_day"]) == (
        "session_missed",
        "2026-09-07",
        "2026-09-07",
    )
    await service.pass_time(datetime(2026, 9, 7, 17, 0, tzinfo=UTC))
    assert (await service.ask(f"/covers/{cover['cover_id']}"))["status"] == "expired"
    assert "assignments.CoverExpired.v1" in await service.facts()


async def test_a_mentor_is_asked_for_by_a_coordinator_and_is_with_one_child_a_day(
    service: Served, ada: str, grace: str
) -> None:
    ben, noor = await accepted_child(service, "Ben"), await ready_mentor(service, "Noor")
    peter = await ready_mentor(service, "Peter")
    await assigned(service, ada, grace)
    body = {"child_id": ada, "form": "assigned", "asked": [noor], "days": [str(WEEK[0]), str(WEEK[1])]}
    cover_id = (await service.done("/covers", body))["cover_id"]
    assert await with_child(service, ada, WEEK[1]) == [(noor, "cover")]
    twice = await service.command("/covers", body | {"form": "broadcast", "asked": []})
    assert said(twice)[:2] == (409, "cover_already_asked")
    busy = await service.command("/covers", body | {"child_id": ben, "days": [str(WEEK[1])]})
    assert said(busy)[:2] == (409, "mentor_already_assigned")
    of_a_child = body | {"child_id": ben, "asked": [grace], "days": [str(WEEK[3])]}
    assert said(await service.command("/covers", of_a_child))[1] == "mentor_already_assigned"
    one_by_one = body | {
        "child_id": ben,
        "form": "individual",
        "asked": [peter, noor],
        "days": [str(WEEK[3])],
    }
    other_id = (await service.done("/covers", one_by_one))["cover_id"]
    assert said(await accept(service, other_id, noor))[1] == "cover_not_asked"
    await service.done(f"/covers/{other_id}/decline", {"mentor_id": peter}, role="mentor", name=peter)
    assert (await accept(service, other_id, noor)).status_code == 200
    someone_else = {"mentor_id": noor}
    answer = await service.command(f"/covers/{other_id}/decline", someone_else, role="mentor", name=peter)
    assert answer.status_code == 403
    await service.done(f"/covers/{cover_id}/cancel", {"reason": "no_longer_needed"})
    assert await with_child(service, ada, WEEK[1]) == [(grace, "primary")]
    (ended,) = (await service.ask("/assignments", child_id=ada, mentor_id=noor))["items"]
    assert (ended["status"], ended["reason"]) == ("ended", "cover_not_needed")
    of_noor = (await service.ask("/covers", mentor_id=noor))["items"]
    assert sorted(found["status"] for found in of_noor) == [
        "accepted",
        "cancelled",
    ]  # what was refused left nothing
    assert await service.parked() == 0


async def test_who_covers_and_is_ill_gives_the_days_back(service: Served, ada: str, grace: str) -> None:
    noor, peter = await ready_mentor(service, "Noor"), await ready_mentor(service, "Peter")
    await assigned(service, ada, grace)
    body = {"child_id": ada, "form": "assigned", "asked": [noor], "days": [str(day) for day in WEEK]}
    cover_id = (await service.done("/covers", body))["cover_id"]
    await absent(service, noor, WEEK[1], WEEK[2])
    who = [await with_child(service, ada, day) for day in WEEK[:3]]
    assert who == [[(noor, "cover")], [], [(noor, "cover")]], "one day is open, the others are as agreed"
    assert (await accept(service, cover_id, peter)).status_code == 200
    assert await with_child(service, ada, WEEK[1]) == [(peter, "cover")]
    assert await service.parked() == 0


async def test_a_mentor_leaves_cover_bridges_and_a_successor_begins_after_the_handover(
    service: Served, ada: str, grace: str
) -> None:
    noor, peter = await ready_mentor(service, "Noor"), await ready_mentor(service, "Peter")
    link = await assigned(service, ada, grace)
    await service.done(f"/mentors/{grace}/leave", {"left_on": str(WEEK[2])})
    (cover,) = (await service.ask("/covers", child_id=ada, status="requested"))["items"]
    assert (cover["reason"], cover["first_day"]) == ("mentor_left", str(WEEK[2]))
    assert (await accept(service, cover["cover_id"], peter, WEEK[2], WEEK[3])).status_code == 200
    successor = await agreed(service, ada, noor)
    begin = {"effective_from": str(WEEK[4])}
    early = await service.command(f"/assignments/{successor}/activate", begin)
    assert said(early)[:2] == (409, "handover_due")
    await handed_over(service, link)
    too_early = await service.command(f"/assignments/{successor}/activate", {"effective_from": str(WEEK[3])})
    assert said(too_early)[1] == "child_has_mentor_that_day"
    await service.done(f"/assignments/{successor}/activate", begin)
    found = await service.ask(f"/covers/{cover['cover_id']}")
    assert {day["state"] for day in found["days"][2:]} == {"not_needed"}
    query: dict[str, Any] = {"from": str(WEEK[0]), "to": str(WEEK[4])}
    (gap,) = (await service.ask(f"/children/{ada}/gaps", **query))["gaps"]
    assert (gap["kind"], gap["reason"], gap["since"], gap["until"]) == (
        "no_primary",
        "mentor_left",
        str(WEEK[2]),
        str(WEEK[4]),
    )
    assert [by["mentor_id"] for by in gap["covered_by"]] == [peter]
    shown = await service.ask(f"/assignments/{link}")
    assert (shown["status"], shown["handover"]) == ("ended", "recorded")
    assert await service.parked() == 0


async def test_mentors_are_found_by_where_they_stand(service: Served, ada: str, grace: str) -> None:
    body = {"name": "Iris", "email": "iris@example.org", "applied_on": "2026-08-20"}
    iris = (await service.done("/mentors/applications", body))["mentor_id"]
    noor = await ready_mentor(service, "Noor")
    await assigned(service, ada, grace, service.clock.at.date())
    profile = {
        "areas": ["social"],
        "languages": ["en", "pl"],
        "town": "Fernhollow",
        "postcode_district": "ev1",
    }
    await service.done(f"/mentors/{noor}/profile", profile, role="mentor", name=noor)

    async def names(**query: Any) -> list[str]:
        return [mentor["name"] for mentor in (await service.ask("/mentors", **query))["items"]]

    assert await names(employment="applicant") == ["Iris"]
    assert await names(compliance="vetting") == ["Iris"]
    assert await names(compliance="deployable", free=True) == ["Noor"]
    assert await names(free=False) == ["Grace Okafor"]
    assert await names(town="fernhollow") == ["Noor"]
    assert await names(postcode_district="EV1", employment="left") == []
    await service.done(f"/mentors/{iris}/engage", {"engaged_on": "2026-09-01"})
    away = {"leave_from": "2026-09-14", "expected_back_on": "2026-09-21", "kind": "study"}
    await service.done(f"/mentors/{grace}/leave-of-absence", away)
    assert await names(employment="on_leave") == ["Grace Okafor"]
    (cover,) = (await service.ask("/covers", child_id=ada))["items"]
    assert (cover["reason"], cover["first_day"], cover["last_day"]) == (
        "mentor_on_leave",
        "2026-09-14",
        "2026-09-18",
    )
    await service.done(f"/mentors/{grace}/return", {"returned_on": "2026-09-16"})
    assert (await service.ask(f"/covers/{cover['cover_id']}"))["days"][2]["state"] == "not_needed"
    days = await service.ask(f"/mentors/{noor}/days")
    assert days["profile"]["postcode_district"] == "EV1"
    other = await service.command(f"/mentors/{noor}/profile", profile, role="mentor", name=grace)
    assert other.status_code == 403


async def test_a_long_absence_is_looked_at_week_by_week_and_whatever_ends_it_ends_the_search(
    service: Served, ada: str, grace: str
) -> None:
    link = await assigned(service, ada, grace, service.clock.at.date())
    down = example(MentorStoodDown).model_copy(
        update={"mentor_id": UUID(grace), "stood_down_on": date(2026, 9, 1)}
    )
    await service.hear("training", down)
    of_grace = {"mentor_id": UUID(grace), "child_id": UUID(ada), "assignment_id": UUID(link)}
    weekly = example(TimetableExpanded).model_copy(update=of_grace | {"because": "horizon"})

    async def looked_for() -> list[str]:
        found = (await service.ask("/covers", child_id=ada))["items"]
        shown = [await service.ask(f"/covers/{one['cover_id']}") for one in found]
        return sorted(day["day"] for one in shown for day in one["days"] if day["state"] == "open")

    assert (await looked_for())[-1] == "2026-09-14"
    await service.hear("sessions", weekly)
    assert (await looked_for())[-1] == "2026-09-14", "nothing is asked for twice"
    await service.pass_time(datetime(2026, 9, 8, 9, tzinfo=UTC))
    await service.hear("sessions", weekly)
    assert (await looked_for())[-1] == "2026-09-21", "two weeks ahead, for as long as it lasts"
    away = {"leave_from": "2026-09-16", "expected_back_on": "2026-09-18", "kind": "study"}
    await service.done(f"/mentors/{grace}/leave-of-absence", away)
    cleared = {"mentor_id": UUID(grace), "cleared_on": date(2026, 9, 10)}
    await service.hear("training", example(MentorCleared).model_copy(update=cleared))
    assert [day for day in await looked_for() if day >= "2026-09-10"] == [
        "2026-09-16",
        "2026-09-17",
        "2026-09-18",
        "2026-09-21",
    ], "cleared, and on leave until the return is recorded"
    await service.done(f"/mentors/{grace}/return", {"returned_on": "2026-09-18"})
    await service.done(f"/assignments/{link}/end", {"reason": "mentor_left", "ended_on": "2026-09-16"})
    assert [day for day in await looked_for() if day >= "2026-09-18"] == []
    body = {"child_id": ada, "form": "broadcast", "days": ["2026-09-21", "2026-09-22"]}
    await service.done("/covers", body)
    gone = {"reason": "support_no_longer_needed", "exited_on": "2026-09-11"}
    await service.done(f"/children/{ada}/exit", gone)
    assert [day for day in await looked_for() if day >= "2026-09-11"] == [], "nobody is needed any more"
    assert await service.parked() == 0


async def test_nobody_is_looked_for_in_the_holidays(service: Served, ada: str, grace: str) -> None:
    term = Term(name="Autumn 1", starts_on=WEEK[2], ends_on=WEEK[4])
    closed = Closure(on=WEEK[3], reason="inset_day")
    of_region = {"scope": "region", "scope_key": "uk-london", "school_year": 2026}
    terms = of_region | {"terms": (term,), "closures": (closed,)}
    await service.hear("sessions", example(CalendarPublished).model_copy(update=terms))
    await assigned(service, ada, grace)
    await absent(service, grace, WEEK[0], WEEK[4] + timedelta(days=4))
    (cover,) = (await service.ask("/covers", child_id=ada))["items"]
    days = (await service.ask(f"/covers/{cover['cover_id']}"))["days"]
    assert [day["day"] for day in days] == [str(WEEK[2]), str(WEEK[4])]
    query: dict[str, Any] = {"from": str(WEEK[0]), "to": str(WEEK[4])}
    gaps = (await service.ask(f"/children/{ada}/gaps", **query))["gaps"]
    assert [day for gap in gaps for day in gap["uncovered"]] == [str(WEEK[2]), str(WEEK[4])]
    assert await service.parked() == 0


async def test_a_mentor_who_comes_late_is_no_longer_looked_for(service: Served, ada: str, grace: str) -> None:
    await assigned(service, ada, grace)
    service.clock.at = datetime(2026, 9, 7, 8, 30, tzinfo=UTC)
    of_grace = {"mentor_id": UUID(grace), "child_id": UUID(ada), "school_id": UUID(FERNHOLLOW)}
    starts = {"starts_at": datetime(2026, 9, 7, 8, 0, tzinfo=UTC), "minutes": 30}
    await service.hear("sessions", example(SessionOverdue).model_copy(update=of_grace | starts))
    (cover,) = (await service.ask("/covers", child_id=ada, status="requested"))["items"]
    at_last = {"started_at": datetime(2026, 9, 7, 8, 40, tzinfo=UTC)}
    await service.hear("sessions", example(SessionStarted).model_copy(update=of_grace | at_last))
    found = await service.ask(f"/covers/{cover['cover_id']}")
    assert (found["status"], found["closed_because"]) == ("cancelled", "mentor_is_back")
    assert await with_child(service, ada, WEEK[0]) == [(grace, "primary")]


async def test_a_request_for_cover_sent_again_brings_nothing_back(
    service: Served, ada: str, grace: str
) -> None:
    await assigned(service, ada, grace)
    body = {"child_id": ada, "form": "broadcast", "days": [str(WEEK[0])]}
    cover_id = (await service.done("/covers", body, key="once"))["cover_id"]
    assert await with_child(service, ada, WEEK[0]) == []
    await service.done(f"/covers/{cover_id}/cancel", {"reason": "no_longer_needed"})
    assert (await service.done("/covers", body, key="once"))["cover_id"] == cover_id
    assert await with_child(service, ada, WEEK[0]) == [(grace, "primary")]


async def test_cover_asked_for_after_a_primary_began_is_still_needed(
    service: Served, ada: str, grace: str
) -> None:
    """A policy that is late with the primary's beginning must not call off what was asked for since."""
    link, began = await assigned(service, ada, grace), service.clock.at
    await service.pass_time(began + timedelta(hours=1))
    wanted = {"child_id": ada, "form": "broadcast", "days": [str(WEEK[0])]}
    cover_id = UUID((await service.done("/covers", wanted))["cover_id"])
    fact = example(MentorAssigned).model_copy(
        update={"assignment_id": UUID(link), "child_id": UUID(ada), "effective_from": began.date()}
    )

    async def called_off(recorded_at: datetime) -> dict[UUID, Any]:
        recorded: Recorded[Any] = Recorded(
            fact, "assignments", 1, UUID(link), 1, recorded_at, UUID(int=1), "uk-london", "coordinator:ruth",
            "c", "",
        )  # fmt: skip
        async with service.running.engine.connect() as connection:
            found = await needless(connection, recorded)
        return dict(found.days) if found else {}

    assert await called_off(began) == {}
    assert cover_id in await called_off(service.clock.at)
