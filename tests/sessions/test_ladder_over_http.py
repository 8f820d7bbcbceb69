"""What falls due: a session that nobody starts, ends or logs; and the reports of the office and of auditors."""

from typing import Any

from shared.contracts.assignments.assignment import PrimaryStoodAside
from tests.sessions.story import (
    AMENDMENT,
    DAY,
    GOOD,
    GRACE,
    HOUR,
    MINUTE,
    RUTH,
    held,
    lock,
    schedule,
    state,
    supported,
)
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, MONDAY_NINE
from tests.support.served import Served


async def named(sessions: Served, *names: str) -> list[str]:
    """Those of the recorded facts, by their names, in order."""
    return [topic.split(".")[1] for topic in await sessions.facts() if topic.split(".")[1] in names]


async def test_a_session_that_nobody_starts_climbs_the_ladder_and_is_missed(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    for minutes, climbed in ((9, None), (10, 10), (15, 15), (29, 15), (30, 30)):
        await sessions.pass_time(MONDAY_NINE + minutes * MINUTE)
        assert (await sessions.ask(f"/sessions/{session_id}"))["overdue_minutes"] == climbed
    await sessions.pass_time(MONDAY_NINE + HOUR)
    found = await sessions.ask(f"/sessions/{session_id}")
    assert (found["state"], found["overdue_minutes"]) == ("missed", 60)
    assert found["missed_at"] == "2026-09-07T09:00:00Z"
    late = await sessions.command(f"/sessions/{session_id}/start", {}, **GRACE)
    assert late.json()["code"] == "session_missed"
    began = {"started_at": MONDAY_NINE.isoformat()}
    await sessions.done(f"/sessions/{session_id}/start", began, **RUTH)
    assert await state(sessions, session_id) == "awaiting_log"
    assert len(await named(sessions, "SessionOverdue")) == 4
    assert len(await named(sessions, "SessionMissed")) == 1


async def test_cover_that_is_looked_for_late_leaves_the_overdue_session_to_be_missed(
    sessions: Served,
) -> None:
    support = await supported(sessions)
    overdue, later = await schedule(sessions, MONDAY_NINE), await schedule(sessions, MONDAY_NINE + 3 * HOUR)
    await sessions.pass_time(MONDAY_NINE + 30 * MINUTE)
    aside = example(PrimaryStoodAside).model_copy(
        update={
            "assignment_id": support.assignment_id,
            "days": (MONDAY_NINE.date(),),
            "because": "session_missed",
            "stood_aside_at": MONDAY_NINE + 30 * MINUTE,
        }
    )
    await sessions.hear("assignments", aside)
    assert [await state(sessions, one) for one in (overdue, later)] == ["scheduled", "cancelled"]
    await sessions.pass_time(MONDAY_NINE + HOUR)
    assert await state(sessions, overdue) == "missed"


async def test_a_session_that_was_moved_or_started_in_time_climbs_nothing(sessions: Served) -> None:
    await supported(sessions)
    moved, begun = await schedule(sessions, MONDAY_NINE), await schedule(sessions, MONDAY_NINE + 3 * HOUR)
    later = MONDAY_NINE + HOUR
    body = {"starts_at": later.isoformat(), "ends_at": (later + HOUR).isoformat(), "reason": "other"}
    await sessions.done(f"/sessions/{moved}/reschedule", body)
    await sessions.pass_time(later + 9 * MINUTE)
    await sessions.done(f"/sessions/{moved}/start", {}, **GRACE)
    await sessions.pass_time(MONDAY_NINE + 3 * HOUR)
    await sessions.done(f"/sessions/{begun}/start", {}, **GRACE)
    await sessions.pass_time(MONDAY_NINE + 5 * HOUR)
    assert await named(sessions, "SessionOverdue", "SessionMissed") == []
    assert [await state(sessions, one) for one in (moved, begun)] == ["awaiting_log"] * 2


async def test_a_log_that_does_not_come_is_found_overdue_and_again_after_its_return(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE
    await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    await sessions.pass_time(MONDAY_NINE + HOUR)
    await sessions.pass_time(MONDAY_NINE + HOUR + 2 * DAY)
    assert (await sessions.ask(f"/sessions/{session_id}"))["log_overdue_hours"] == 48
    await sessions.done(f"/sessions/{session_id}/log", GOOD, **GRACE)
    await sessions.pass_time(MONDAY_NINE + 4 * DAY)
    assert len(await named(sessions, "LogOverdue")) == 2
    await sessions.done(f"/sessions/{session_id}/return", {"reason": "Say more."}, **RUTH)
    await sessions.pass_time(MONDAY_NINE + 9 * DAY)
    assert len(await named(sessions, "LogOverdue")) == 5


async def test_after_a_long_stop_the_office_hears_of_the_last_step_alone(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE
    await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    await sessions.pass_time(MONDAY_NINE + 5 * DAY)
    assert len(await named(sessions, "LogOverdue")) == 1
    assert (await sessions.ask(f"/sessions/{session_id}"))["log_overdue_hours"] == 72


async def test_what_was_put_on_record_after_its_end_has_a_day(sessions: Served) -> None:
    await supported(sessions)
    sessions.clock.at = MONDAY_NINE + 5 * HOUR
    session_id = await schedule(sessions, MONDAY_NINE)
    await sessions.pass_time(MONDAY_NINE + 28 * HOUR)
    assert await state(sessions, session_id) == "scheduled"
    await sessions.pass_time(MONDAY_NINE + 29 * HOUR)
    assert await state(sessions, session_id) == "missed"
    assert await named(sessions, "SessionOverdue") == []


async def test_auditors_are_told_which_logs_were_late_or_amended_as_known_then_and_now(
    sessions: Served,
) -> None:
    await supported(sessions)
    punctual = await held(sessions, MONDAY_NINE)
    late = await schedule(sessions, MONDAY_NINE + DAY)
    never = await schedule(sessions, MONDAY_NINE + DAY + 2 * HOUR)
    for session_id, at in ((late, MONDAY_NINE + DAY), (never, MONDAY_NINE + DAY + 2 * HOUR)):
        await sessions.pass_time(at)
        await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    await sessions.pass_time(MONDAY_NINE + 3 * DAY + 6 * HOUR)
    await sessions.done(f"/sessions/{late}/log", GOOD, **GRACE)
    await sessions.done(f"/sessions/{punctual}/approve", {}, **RUTH)
    await lock(sessions, punctual)
    before = sessions.clock.at
    sessions.clock.at += 10 * DAY
    await sessions.done(f"/sessions/{punctual}/amend", AMENDMENT, **RUTH)
    days = {"from": "2026-09-07", "to": "2026-09-08"}

    async def told(role: str = "auditor", **query: Any) -> list[Any]:
        page = await sessions.ask("/logs/late-or-amended", role=role, **{**days, **query})
        return list(page["items"])

    assert [(one["kind"], one["session_id"]) for one in await told()] == [
        ("overdue", never),
        ("late", late),
        ("amended", punctual),
    ]
    then = await told(known_at=before.isoformat())
    assert [one["kind"] for one in then] == ["overdue", "late"]
    assert (await told())[2]["reason"] == "withheld", "whoever checks hours need not read why"
    (_, _, amended) = await told("manager")
    assert (amended["minutes_before"], amended["minutes_after"], amended["by"], amended["reason"]) == (
        30,
        20,
        "coordinator:ruth",
        "Left early for the dentist.",
    )
    first = await sessions.ask("/logs/late-or-amended", limit=2, **days)
    rest = await sessions.ask("/logs/late-or-amended", limit=2, cursor=first["next"], **days)
    assert [one["kind"] for one in (*first["items"], *rest["items"])] == ["overdue", "late", "amended"]
    assert [one["kind"] for one in await told(to="2026-09-07")] == ["amended"]
    assert (await sessions.get("/logs/late-or-amended", role="mentor", **days)).status_code == 403
    assert (await sessions.get("/logs/late-or-amended", cursor="WzFd", **days)).status_code == 422


async def test_any_whole_class_use_is_told_by_its_days(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE
    await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    for step in ("draft", "log"):
        sessions.clock.at += HOUR / 2
        attempt = {**GOOD, "contact_minutes": 20, "activities": ["whole_class"]}
        answer = await sessions.command(f"/sessions/{session_id}/{step}", attempt, **GRACE)
        assert answer.json()["code"] == "role_boundary_breached"
    page = await sessions.ask("/boundary-breaches", **{"from": "2026-09-07", "to": "2026-09-07"})
    assert [(one["session_id"], one["actor"]) for one in page["items"]] == [
        (session_id, f"mentor:{MENTOR}")
    ] * 2
    assert (await sessions.ask("/boundary-breaches", **{"from": "2026-09-08"}))["items"] == []


async def test_help_in_passing_too_often_is_found_once(sessions: Served) -> None:
    await supported(sessions)
    for n in range(6):
        await held(sessions, MONDAY_NINE + n * DAY, incidental_help=True)
        assert len((await sessions.ask("/help-patterns"))["items"]) == (n >= 4)
    (found,) = (await sessions.ask("/help-patterns"))["items"]
    assert (found["count"], found["child_id"], found["mentor_id"]) == (5, str(CHILD), str(MENTOR))


async def test_contact_hours_are_what_somebody_else_has_verified(sessions: Served) -> None:
    await supported(sessions)
    first = await held(sessions, MONDAY_NINE)
    second = await held(sessions, MONDAY_NINE + DAY, contact_minutes=20, ratio="group_with_child")
    await held(sessions, MONDAY_NINE + 2 * DAY, contact_minutes=10)
    for session_id in (first, second):
        await sessions.done(f"/sessions/{session_id}/approve", {}, **RUTH)
    days = {"from": "2026-09-07", "to": "2026-09-11"}
    assert await sessions.ask("/contact-hours", child_id=CHILD, **days) == {
        "verified": {"sessions": 2, "one_to_one": 30, "group_with_child": 20},
        "claimed": {"sessions": 1, "one_to_one": 10, "group_with_child": 0},
    }
    await lock(sessions, first)
    await sessions.done(f"/sessions/{first}/amend", AMENDMENT, **RUTH)
    found = await sessions.ask("/contact-hours", mentor_id=MENTOR, **days)
    assert found["verified"]["one_to_one"] == 20
