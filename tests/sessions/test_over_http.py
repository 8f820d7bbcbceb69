"""Sessions over HTTP, on a real database: planned, started, logged, refused, cancelled."""

import asyncio
from uuid import UUID, uuid4

from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.eligibility import Shortfall
from shared.contracts.training.standing import MentorStoodDown
from tests.sessions.story import DAY, GOOD, HOUR, assigned, plan, schedule, shown, supported
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, MONDAY_NINE, SUPPORT_BEGINS
from tests.support.served import Served


async def test_a_session_is_scheduled_started_and_logged(sessions: Served) -> None:
    await supported(sessions)
    mentor = {"role": "mentor", "name": str(MENTOR)}
    session_id = await schedule(sessions, MONDAY_NINE)
    found = await sessions.ask(f"/sessions/{session_id}")
    assert (found["state"], found["day"], found["time_zone"]) == ("scheduled", "2026-09-07", "Europe/London")
    sessions.clock.at = MONDAY_NINE
    await sessions.done(f"/sessions/{session_id}/start", {}, **mentor)
    sessions.clock.at = MONDAY_NINE + HOUR
    logged = await sessions.done(f"/sessions/{session_id}/log", {**GOOD, "contact_minutes": 60}, **mentor)
    assert logged["facts"] == ["sessions.SessionLogged.v1"]
    found = await sessions.ask(f"/sessions/{session_id}", **mentor)
    assert (found["state"], found["contact_minutes"], found["late"]) == ("submitted", 60, False)
    assert await sessions.parked() == 0


async def test_work_with_the_whole_class_is_refused_and_remembered(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE + HOUR
    await sessions.done(f"/sessions/{session_id}/start", {"started_at": MONDAY_NINE.isoformat()})
    whole_class = {**GOOD, "activities": ["maths", "whole_class"]}
    for _ in range(2):
        answer = await sessions.command(f"/sessions/{session_id}/log", whole_class, key="attempt")
        assert (answer.status_code, answer.json()["code"]) == (409, "role_boundary_breached")
    assert (await sessions.facts()).count("sessions.RoleBoundaryBreached.v1") == 1
    (breach,) = (await sessions.ask("/boundary-breaches"))["items"]
    assert (breach["session_id"], breach["activities"]) == (session_id, ["maths", "whole_class"])
    assert len((await sessions.ask(f"/sessions/{session_id}"))["breaches"]) == 1
    await sessions.done(f"/sessions/{session_id}/log", GOOD)


async def test_overlapping_sessions_are_refused_for_mentor_and_child_also_under_a_race(
    sessions: Served,
) -> None:
    other_child, other_mentor = uuid4(), uuid4()
    await supported(sessions)
    pairs = (assigned(MENTOR, other_child), assigned(other_mentor, CHILD))
    await sessions.hear("assignments", *pairs)
    await sessions.hear("training", *shown(other_mentor))
    bodies = [plan(MONDAY_NINE), plan(MONDAY_NINE, child_id=other_child), plan(MONDAY_NINE, other_mentor)] * 6
    answers = await asyncio.gather(*(sessions.command("/sessions", body) for body in bodies))
    made = [answer.json()["session_id"] for answer in answers if answer.status_code == 201]
    codes = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    assert codes == {"session_overlaps"}
    found = [await sessions.ask(f"/sessions/{session_id}") for session_id in made]
    assert (
        len({session["mentor_id"] for session in found}) == len({s["child_id"] for s in found}) == len(found)
    )
    half_way = plan(MONDAY_NINE + HOUR / 2, UUID(found[0]["mentor_id"]), UUID(found[0]["child_id"]))
    assert (await sessions.command("/sessions", half_way)).json()["code"] == "session_overlaps"
    await schedule(sessions, MONDAY_NINE + HOUR)


async def test_a_cancelled_session_frees_its_time(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    body = {"cancelled_by": "school", "reason": "school_closed", "chargeable": True}
    await sessions.done(f"/sessions/{session_id}/cancellation", body)
    found = await sessions.ask(f"/sessions/{session_id}")
    assert (found["state"], found["cancel_reason"], found["chargeable"]) == (
        "cancelled",
        "school_closed",
        True,
    )
    await schedule(sessions, MONDAY_NINE)


async def test_whether_a_cancelled_session_is_charged_is_the_offices_decision_or_the_notices(
    sessions: Served,
) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE + 3 * HOUR)
    body = {"cancelled_by": "family", "reason": "child_absent"}
    mentor = {"role": "mentor", "name": str(MENTOR)}
    path = f"/sessions/{session_id}/cancellation"
    assert (await sessions.command(path, {**body, "chargeable": False}, **mentor)).status_code == 403
    await sessions.done(path, body, **mentor)
    assert (await sessions.ask(f"/sessions/{session_id}"))["chargeable"] is True


async def test_who_is_not_assigned_or_not_ready_is_refused_with_the_reasons(sessions: Served) -> None:
    await supported(sessions)
    stranger = await sessions.command("/sessions", plan(MONDAY_NINE, mentor_id=uuid4()))
    assert (stranger.status_code, stranger.json()["code"]) == (409, "no_active_assignment")
    early = await sessions.command("/sessions", plan(MONDAY_NINE - DAY))
    assert early.json()["code"] == "no_active_assignment"
    unready, child = uuid4(), uuid4()
    await sessions.hear("assignments", assigned(unready, child))
    await sessions.hear("training", *shown(unready, "bed", "identity"))
    answer = await sessions.command("/sessions", plan(MONDAY_NINE, unready, child))
    assert answer.json()["code"] == "mentor_not_deployable"
    assert [item["item"] for item in answer.json()["items"]] == ["identity", "bed"]


async def test_the_gate_is_passed_again_at_the_start(sessions: Served) -> None:
    other, child = uuid4(), uuid4()
    await sessions.hear("assignments", assigned(other, child))
    await sessions.hear("training", *shown(other, until=SUPPORT_BEGINS))
    body = plan(MONDAY_NINE + DAY, other, child)
    session_id = (await sessions.done("/sessions", body))["session_id"]
    sessions.clock.at = MONDAY_NINE + DAY
    answer = await sessions.command(f"/sessions/{session_id}/start", {})
    assert answer.json()["code"] == "mentor_not_deployable"
    assert len(answer.json()["items"]) == 13


async def test_a_late_log_needs_a_coordinators_reason(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE + 74 * HOUR
    await sessions.done(f"/sessions/{session_id}/start", {"started_at": MONDAY_NINE.isoformat()})
    path, explained = f"/sessions/{session_id}/log", {**GOOD, "late_reason": "was ill"}
    assert (await sessions.command(path, GOOD)).json()["code"] == "late_reason_required"
    mentor = {"role": "mentor", "name": str(MENTOR)}
    assert (await sessions.command(path, explained, **mentor)).status_code == 403
    await sessions.done(path, explained)
    found = await sessions.ask(f"/sessions/{session_id}")
    assert (found["late"], found["late_reason"]) == (True, "was ill")


async def test_a_mentor_who_is_stood_down_has_no_coming_sessions(sessions: Served) -> None:
    await supported(sessions)
    past = await schedule(sessions, MONDAY_NINE)
    coming = [await schedule(sessions, MONDAY_NINE + days * DAY) for days in (1, 2, 3)]
    sessions.clock.at = MONDAY_NINE + 2 * HOUR
    reasons = (Shortfall("slt", "lapsed", SUPPORT_BEGINS),)
    stood_down = MentorStoodDown(mentor_id=MENTOR, stood_down_on=SUPPORT_BEGINS, reasons=reasons)
    await sessions.hear("training", stood_down)
    assert (await sessions.ask(f"/sessions/{past}"))["state"] == "scheduled"
    for session_id in coming:
        found = await sessions.ask(f"/sessions/{session_id}")
        assert (found["state"], found["cancel_reason"], found["cancelled_by"]) == (
            "cancelled",
            "mentor_stood_down",
            "agency",
        )


async def test_no_session_outlives_its_assignment(sessions: Served) -> None:
    support = await supported(sessions)
    days = [await schedule(sessions, MONDAY_NINE + days * DAY) for days in (0, 1, 2)]
    ended = example(AssignmentEnded).model_copy(
        update={"assignment_id": support.assignment_id, "ended_on": SUPPORT_BEGINS + DAY}
    )
    await sessions.hear("assignments", ended)
    found = [await sessions.ask(f"/sessions/{session_id}") for session_id in days]
    assert [session["state"] for session in found] == ["scheduled", "cancelled", "cancelled"]
    answer = await sessions.command("/sessions", plan(MONDAY_NINE + 3 * DAY))
    assert answer.json()["code"] == "no_active_assignment"


async def test_sessions_are_listed_by_mentor_child_and_day_page_by_page(sessions: Served) -> None:
    await supported(sessions)
    made = [await schedule(sessions, MONDAY_NINE + hours * HOUR) for hours in (3, 0, 1)]
    in_order = [made[1], made[2], made[0]]
    page = await sessions.ask("/sessions", child_id=CHILD, day="2026-09-07", limit=2)
    rest = await sessions.ask("/sessions", child_id=CHILD, day="2026-09-07", limit=2, cursor=page["next"])
    assert [session["session_id"] for session in (*page["items"], *rest["items"])] == in_order
    assert rest["next"] is None
    assert (await sessions.ask("/sessions", day="2026-09-08"))["items"] == []
    mine = {"role": "mentor", "name": str(MENTOR)}
    assert len((await sessions.ask("/sessions", mentor_id=MENTOR, **mine))["items"]) == 3
    assert (await sessions.get("/sessions", **mine)).status_code == 403
    for rubbish in ("x", "WzFd", "eyJhIjoxfQ=="):
        assert (await sessions.get("/sessions", cursor=rubbish)).status_code == 422


async def test_a_mentor_acts_on_their_own_sessions_only(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE
    somebody = {"role": "mentor", "name": str(uuid4())}
    for path, body in (
        ("/sessions", plan(MONDAY_NINE + DAY)),
        (f"/sessions/{session_id}/start", {}),
        (f"/sessions/{session_id}/log", GOOD),
        (f"/sessions/{session_id}/cancellation", {"cancelled_by": "mentor", "reason": "other"}),
    ):
        assert (await sessions.command(path, body, **somebody)).status_code == 403
    assert (await sessions.command(f"/sessions/{uuid4()}/start", {})).status_code == 404


async def test_times_are_kept_in_utc_and_need_a_time_zone(sessions: Served) -> None:
    await supported(sessions)
    body = {
        **plan(MONDAY_NINE),
        "starts_at": "2026-09-07T09:00:00+01:00",
        "ends_at": "2026-09-07T10:00:00+01:00",
    }
    session_id = (await sessions.done("/sessions", body))["session_id"]
    assert (await sessions.ask(f"/sessions/{session_id}"))["starts_at"] == "2026-09-07T08:00:00Z"
    answer = await sessions.command("/sessions", {**body, "starts_at": "2026-09-07T09:00:00"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "starts_at")
