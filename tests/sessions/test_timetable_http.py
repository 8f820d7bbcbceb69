"""Timetables over HTTP, on a real database: what becomes of slots when the world around them changes."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
)
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.mentor import MentorAbsenceReported
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from tests.sessions.term import ASSIGNED, MONDAYS, MORNING, days, planned, proofs, ready, set_slots
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, MONDAY_NINE, SCHOOL
from tests.support.served import Served

WEEK, DAY = timedelta(days=7), timedelta(days=1)
OF_PRIMARY = {"assignment_id": ASSIGNED.assignment_id, "mentor_id": MENTOR, "child_id": CHILD}


async def why(sessions: Served, timetable_id: UUID) -> dict[date, str]:
    found = await sessions.ask(f"/timetables/{timetable_id}")
    return {date.fromisoformat(item["day"]): item["why"] for item in found["not_planned"]}


def closing(day: date, **more: Any) -> dict[str, Any]:
    closures = [{"on": day.isoformat(), "reason": "weather"}]
    return {"scope": "school", "scope_key": str(SCHOOL), "school_year": 2026, "closures": closures, **more}


async def test_a_timetable_becomes_sessions_four_weeks_ahead_and_more_each_week(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    assert await days(sessions) == MONDAYS
    found = await sessions.ask(f"/timetables/{timetable_id}")
    assert found["planned"][0]["starts_at"] == "2026-09-07T08:00:00Z"
    assert found["not_planned"] == []
    await sessions.pass_time(MONDAY_NINE + 3 * WEEK)
    coming = await days(sessions)
    # Until 26 October, the last week of which is half-term; the clocks go back the day before.
    assert coming[-3:] == [date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19)]
    await sessions.pass_time(MONDAY_NINE + 7 * WEEK)
    (after_half_term, *_) = [s for s in await planned(sessions) if s["day"] == "2026-11-02"]
    assert after_half_term["starts_at"] == "2026-11-02T09:00:00Z"
    assert date(2026, 10, 26) not in await days(sessions)
    assert await sessions.parked() == 0


async def test_expanding_twice_makes_nothing_twice(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    before = (await sessions.facts()).count("sessions.SessionScheduled.v1")
    for _ in range(2):
        await sessions.done(f"/timetables/{timetable_id}/expansion")
    assert (await sessions.facts()).count("sessions.SessionScheduled.v1") == before == len(MONDAYS)


async def test_a_changed_timetable_moves_calls_off_and_adds_what_has_not_begun(sessions: Served) -> None:
    await ready(sessions)
    wednesday = {**MORNING, "weekday": "wednesday"}
    timetable_id = await set_slots(sessions, MORNING, wednesday)
    sessions.clock.at = MONDAY_NINE + timedelta(minutes=1)
    later, friday = {**MORNING, "starts": "10:30"}, {**MORNING, "weekday": "friday"}
    await sessions.done(f"/timetables/{timetable_id}/slots", {"slots": [later, friday]})
    found = [(s["day"], s["starts_at"][11:16]) for s in await planned(sessions)]
    assert [found[0], found[1], found[2]] == [
        ("2026-09-07", "08:00"),
        ("2026-09-11", "08:00"),
        ("2026-09-14", "09:30"),
    ]
    assert not [day for day, _ in found if date.fromisoformat(day).weekday() == 2]
    facts = await sessions.facts()
    assert facts.count("sessions.SessionRescheduled.v1") == 3
    assert facts.count("sessions.SessionCancelled.v1") == 4


async def test_one_session_that_is_refused_stops_none_of_the_others_and_is_shown(sessions: Served) -> None:
    await ready(sessions)
    ten = MONDAY_NINE + WEEK + timedelta(hours=1)
    body = {"mentor_id": str(MENTOR), "child_id": str(CHILD), "starts_at": ten.isoformat()}
    body["ends_at"] = (ten + timedelta(hours=1)).isoformat()
    in_the_way = (await sessions.done("/sessions", body))["session_id"]
    timetable_id = await set_slots(sessions)
    made = [s for s in await planned(sessions) if s["session_id"] != in_the_way]
    assert [date.fromisoformat(s["day"]) for s in made] == [MONDAYS[0], *MONDAYS[2:]]
    (missing,) = (await sessions.ask(f"/timetables/{timetable_id}"))["not_planned"]
    assert (missing["why"], missing["session_id"]) == ("session_overlaps", in_the_way)
    cancelled = {"cancelled_by": "agency", "reason": "other"}
    await sessions.done(f"/sessions/{in_the_way}/cancellation", cancelled)
    await sessions.done(f"/timetables/{timetable_id}/expansion")
    assert await days(sessions) == MONDAYS


async def test_without_a_calendar_nothing_is_planned_until_one_is_published(sessions: Served) -> None:
    await ready(sessions, calendar=False)
    timetable_id = await set_slots(sessions)
    assert await days(sessions) == []
    assert set((await why(sessions, timetable_id)).values()) == {"no_calendar"}
    await sessions.done("/calendars/usual", {"school_year": 2026})
    assert await days(sessions) == MONDAYS


async def test_a_closure_calls_off_its_day_and_its_withdrawal_plans_it_again(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    await sessions.done("/calendars", closing(MONDAYS[1]))
    assert await days(sessions) == [MONDAYS[0], *MONDAYS[2:]]
    assert await why(sessions, timetable_id) == {MONDAYS[1]: "school_closed"}
    await sessions.done("/calendars", closing(MONDAYS[2]))
    assert await days(sessions) == [MONDAYS[0], MONDAYS[1], MONDAYS[3]]


async def test_a_session_that_somebody_called_off_is_not_planned_again(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    first, second = [one["session_id"] for one in (await planned(sessions))[:2]]
    for session_id, by in ((first, "school"), (second, "agency")):
        body = {"cancelled_by": by, "reason": "school_closed"}
        await sessions.done(f"/sessions/{session_id}/cancellation", body)
    await sessions.done(f"/timetables/{timetable_id}/expansion")
    assert await days(sessions) == MONDAYS[2:]


async def test_who_is_back_sooner_than_was_thought_comes_sooner(sessions: Served) -> None:
    await ready(sessions)
    await set_slots(sessions)
    for absence, who in (
        (MentorAbsenceReported, {"mentor_id": MENTOR}),
        (ChildAbsenceReported, {"child_id": CHILD}),
    ):
        long = example(absence).model_copy(
            update={
                **who,
                "absent_from": MONDAYS[1],
                "absent_until": MONDAYS[3] + DAY,
                "reported_at": sessions.clock.now(),
            }
        )
        await sessions.hear("assignments", long)
        assert await days(sessions) == [MONDAYS[0]]
        short = long.model_copy(update={"absent_until": MONDAYS[2]})
        await sessions.hear("assignments", short, short)
        assert await days(sessions) == [MONDAYS[0], MONDAYS[2], MONDAYS[3]]
    assert await sessions.parked() == 0


async def test_a_mentor_who_is_cleared_again_comes_again(sessions: Served) -> None:
    await ready(sessions)
    await set_slots(sessions)
    down = example(MentorStoodDown).model_copy(update={"mentor_id": MENTOR})
    await sessions.hear("training", down)
    assert await days(sessions) == []
    await sessions.hear("training", example(MentorCleared).model_copy(update={"mentor_id": MENTOR}))
    assert await days(sessions) == MONDAYS


async def test_no_sessions_during_a_pause_or_after_the_end(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    paused = example(AssignmentPaused).model_copy(update={**OF_PRIMARY, "paused_from": MONDAYS[1]})
    await sessions.hear("assignments", paused)
    await sessions.done(f"/timetables/{timetable_id}/expansion")
    assert await days(sessions) == MONDAYS[:1]
    assert (await why(sessions, timetable_id))[MONDAYS[2]] == "assignment_paused"
    resumed = example(AssignmentResumed).model_copy(update={**OF_PRIMARY, "resumed_on": MONDAYS[2]})
    await sessions.hear("assignments", resumed)
    assert await days(sessions) == [MONDAYS[0], *MONDAYS[2:]]
    ended = example(AssignmentEnded).model_copy(
        update={**OF_PRIMARY, "ended_on": MONDAYS[3], "role": "primary"}
    )
    await sessions.hear("assignments", ended)
    assert await days(sessions) == [MONDAYS[0], MONDAYS[2]]
    assert (await sessions.ask(f"/timetables/{timetable_id}"))["ended_on"] == MONDAYS[3].isoformat()
    await sessions.pass_time(MONDAY_NINE + 10 * WEEK)
    assert max(await days(sessions), default=MONDAYS[2]) <= MONDAYS[2]


async def test_whoever_covers_gets_the_sessions_of_those_days(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    stand_in = uuid4()
    await sessions.hear("training", *proofs(stand_in))
    absence = example(MentorAbsenceReported).model_copy(
        update={"mentor_id": MENTOR, "absent_from": MONDAYS[1], "absent_until": MONDAYS[2] + DAY}
    )
    await sessions.hear("assignments", absence)
    assert await days(sessions) == [MONDAYS[0], MONDAYS[3]]
    cover = {
        "assignment_id": uuid4(),
        "mentor_id": stand_in,
        "role": "cover",
        "cover_id": None,
        "effective_from": MONDAYS[1],
        "effective_until": MONDAYS[2] + DAY,
    }
    await sessions.hear("assignments", ASSIGNED.model_copy(update=cover))
    assert await days(sessions) == MONDAYS
    covered = await planned(sessions, mentor_id=stand_in)
    assert [date.fromisoformat(s["day"]) for s in covered] == MONDAYS[1:3]
    assert all(s["cover"] and s["timetable_id"] == str(timetable_id) for s in covered)


async def test_cover_can_take_over_a_slot_that_has_begun(sessions: Served) -> None:
    await ready(sessions)
    await set_slots(sessions)
    stand_in = uuid4()
    await sessions.hear("training", *proofs(stand_in))
    sessions.clock.at = MONDAY_NINE + timedelta(minutes=42)
    cover = {
        "assignment_id": uuid4(),
        "mentor_id": stand_in,
        "role": "cover",
        "cover_id": None,
        "effective_from": MONDAYS[0],
        "effective_until": MONDAYS[0] + DAY,
    }
    await sessions.hear("assignments", ASSIGNED.model_copy(update=cover))
    (today,) = [s for s in await planned(sessions) if s["day"] == MONDAYS[0].isoformat()]
    assert (today["mentor_id"], today["starts_at"]) == (str(stand_in), "2026-09-07T08:45:00Z")


async def test_after_a_mentor_left_cover_still_follows_the_timetable(sessions: Served) -> None:
    await ready(sessions)
    await set_slots(sessions)
    ended = example(AssignmentEnded).model_copy(
        update={**OF_PRIMARY, "ended_on": MONDAYS[1], "role": "primary"}
    )
    await sessions.hear("assignments", ended)
    stand_in = uuid4()
    await sessions.hear("training", *proofs(stand_in))
    cover = {
        "assignment_id": uuid4(),
        "mentor_id": stand_in,
        "role": "cover",
        "cover_id": None,
        "effective_from": MONDAYS[1],
        "effective_until": MONDAYS[3],
    }
    await sessions.hear("assignments", ASSIGNED.model_copy(update=cover))
    assert await days(sessions) == MONDAYS[:3]


async def test_an_assignment_has_one_timetable_at_a_time(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    body = {"assignment_id": str(ASSIGNED.assignment_id), "slots": [MORNING]}
    answer = await sessions.command("/timetables", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "timetable_exists")
    await sessions.done(f"/timetables/{timetable_id}/end", {"ended_on": MONDAYS[2].isoformat()})
    assert await days(sessions) == MONDAYS[:2]
    await set_slots(sessions, {**MORNING, "starts": "13:00"}, effective_from=MONDAYS[2].isoformat())
    assert [s["starts_at"][11:16] for s in await planned(sessions)] == ["08:00", "08:00", "12:00", "12:00"]


async def test_only_the_office_sets_a_timetable_and_a_mentor_sees_their_own(sessions: Served) -> None:
    await ready(sessions)
    timetable_id = await set_slots(sessions)
    body = {"assignment_id": str(ASSIGNED.assignment_id), "slots": [MORNING]}
    assert (await sessions.command("/timetables", body, role="mentor")).status_code == 403
    mine = await sessions.ask("/timetables", role="mentor", name=str(MENTOR), mentor_id=MENTOR)
    assert [item["timetable_id"] for item in mine["items"]] == [str(timetable_id)]
    other = await sessions.get(f"/timetables/{timetable_id}", role="mentor", name=str(uuid4()))
    assert other.status_code == 403
