"""A session's log over HTTP: drafted, handed in, returned, approved, final, amended, voided; all stays readable."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from shared.contracts.assignments.child import Outcome, ProvisionSpecified
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
    plan,
    schedule,
    state,
    supported,
)
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, MONDAY_NINE, OUTCOME
from tests.support.served import Served


async def test_the_whole_life_of_a_session(sessions: Served) -> None:
    await supported(sessions)
    outcome = Outcome(outcome_id=OUTCOME, area="social", text="Asks others to play.")
    await sessions.hear(
        "assignments",
        example(ProvisionSpecified).model_copy(update={"child_id": CHILD, "outcomes": (outcome,)}),
    )
    session_id = await schedule(sessions, MONDAY_NINE)
    path, seen = f"/sessions/{session_id}", [await state(sessions, session_id)]
    sessions.clock.at = MONDAY_NINE
    for step, body, who in (
        ("start", {}, GRACE),
        ("finish", {"finished_at": (MONDAY_NINE + 50 * MINUTE).isoformat()}, GRACE),
        ("draft", {"activities": ["comfort"]}, GRACE),
        ("log", {**GOOD, "outcomes": [{"outcome_id": str(OUTCOME), "rating": 4}]}, GRACE),
        ("return", {"reason": "Say how long you played."}, RUTH),
        ("log", {**GOOD, "contact_minutes": 45, "areas": ["social"]}, GRACE),
        ("approve", {}, RUTH),
    ):
        sessions.clock.at += HOUR / 2 if step != "start" else timedelta()
        if step == "finish":
            sessions.clock.at = MONDAY_NINE + HOUR
        await sessions.done(f"{path}/{step}", body, **who)
        seen.append(await state(sessions, session_id))
    await lock(sessions, session_id)
    sessions.clock.at += 30 * DAY
    await sessions.done(f"{path}/amend", AMENDMENT, **RUTH)
    found = await sessions.ask(path)
    assert [*seen, found["state"]] == [
        "scheduled",
        "in_progress",
        "awaiting_log",
        "draft",
        "submitted",
        "returned",
        "submitted",
        "approved",
        "amended",
    ]
    assert [log["contact_minutes"] for log in found["logs"]] == [30, 45]
    assert [one["reason"] for one in found["returns"]] == ["Say how long you played."]
    (amendment,) = found["amendments"]
    assert (amendment["contact_minutes_before"], amendment["contact_minutes"]) == (45, 20)
    assert (found["contact_minutes"], found["notes"], found["approved_by"]) == (
        20,
        "well",
        "coordinator:ruth",
    )
    assert [one["rating"] for one in found["outcomes"]] == [4]
    assert await sessions.parked() == 0


async def test_a_draft_is_the_mentors_own_and_is_gone_once_the_log_is_handed_in(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE
    await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    await sessions.done(f"/sessions/{session_id}/draft", {"notes": "Calm today."}, **GRACE)
    assert (await sessions.ask(f"/sessions/{session_id}"))["draft"]["notes"] == "Calm today."
    sessions.clock.at += HOUR
    await sessions.done(f"/sessions/{session_id}/log", GOOD, **GRACE)
    assert (await sessions.ask(f"/sessions/{session_id}"))["draft"] is None


async def test_only_the_office_approves_returns_amends_and_voids_and_nobody_their_own(
    sessions: Served,
) -> None:
    await supported(sessions)
    session_id = await held(sessions, MONDAY_NINE)
    void = {"reason_code": "duplicate", "reason": "Twice on record."}
    for step, body in (
        ("approve", {}),
        ("return", {"reason": "no"}),
        ("amend", AMENDMENT),
        ("void", void),
    ):
        refused = await sessions.command(f"/sessions/{session_id}/{step}", body, **GRACE)
        assert refused.status_code == 403, step
    as_coordinator = {"role": "coordinator", "name": str(MENTOR)}
    own = await sessions.command(f"/sessions/{session_id}/approve", {}, **as_coordinator)
    assert (own.status_code, own.json()["code"]) == (409, "own_log")
    early = await sessions.command(f"/sessions/{session_id}/amend", AMENDMENT, **RUTH)
    assert early.json()["code"] == "session_not_locked"
    await sessions.done(f"/sessions/{session_id}/void", void, **RUTH)
    found = await sessions.ask(f"/sessions/{session_id}")
    assert (found["state"], found["void_reason_code"], len(found["logs"])) == ("voided", "duplicate", 1)
    await schedule(sessions, MONDAY_NINE)


async def test_from_the_payroll_cut_off_on_only_a_coordinators_amendment_is_taken_in(
    sessions: Served,
) -> None:
    await supported(sessions)
    period = {
        "starts_on": "2026-09-07",
        "ends_on": "2026-09-13",
        "cut_off_at": (MONDAY_NINE + 10 * DAY).isoformat(),
    }
    await sessions.done("/pay-periods", period)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE
    await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    sessions.clock.at = MONDAY_NINE + 10 * DAY
    explained = {**GOOD, "late_reason": "was ill"}
    for who, body in ((GRACE, GOOD), (RUTH, explained)):
        answer = await sessions.command(f"/sessions/{session_id}/log", body, **who)
        assert (answer.status_code, answer.json()["code"]) == (409, "after_cut_off")
    missing = {**AMENDMENT, "reason_code": "log_missing", "notes": "Was ill that week."}
    await sessions.done(f"/sessions/{session_id}/amend", missing, **RUTH)
    found = await sessions.ask(f"/sessions/{session_id}")
    assert (found["state"], found["contact_minutes"], found["logs"]) == ("amended", 20, [])
    assert found["amendments"][0]["contact_minutes_before"] == 0


async def test_outcomes_that_are_not_of_the_childs_provision_are_refused(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    sessions.clock.at = MONDAY_NINE
    await sessions.done(f"/sessions/{session_id}/start", {}, **GRACE)
    sessions.clock.at += HOUR
    log = {**GOOD, "outcomes": [{"outcome_id": str(uuid4()), "rating": 4}]}
    answer = await sessions.command(f"/sessions/{session_id}/log", log, **GRACE)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_outcomes")


async def test_a_session_is_moved_also_into_its_own_time_and_never_into_anothers(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    await schedule(sessions, MONDAY_NINE + 2 * HOUR)
    half_later = plan(MONDAY_NINE + HOUR / 2)
    body = {
        "starts_at": half_later["starts_at"],
        "ends_at": half_later["ends_at"],
        "reason": "school_asked",
    }
    await sessions.done(f"/sessions/{session_id}/reschedule", body, **GRACE)
    found = await sessions.ask(f"/sessions/{session_id}")
    assert (found["state"], found["starts_at"]) == ("scheduled", "2026-09-07T08:30:00Z")
    taken = {**body, "ends_at": (MONDAY_NINE + 2.5 * HOUR).isoformat()}
    answer = await sessions.command(f"/sessions/{session_id}/reschedule", taken)
    assert (answer.status_code, answer.json()["code"]) == (409, "session_overlaps")
    before = await sessions.command("/sessions", plan(MONDAY_NINE - HOUR / 2))
    assert before.status_code == 201


async def test_sessions_are_listed_by_days_state_and_lateness(sessions: Served) -> None:
    await supported(sessions)
    first = await held(sessions, MONDAY_NINE)
    other = await schedule(sessions, MONDAY_NINE + DAY)

    async def listed(**query: Any) -> list[str]:
        return [one["session_id"] for one in (await sessions.ask("/sessions", **query))["items"]]

    assert await listed(**{"from": "2026-09-07", "to": "2026-09-07"}) == [first]
    assert await listed(**{"from": "2026-09-08"}) == [other]
    assert await listed(state="submitted", late="false") == [first]
    assert await listed(late="true") == []
    assert await listed(child_id=CHILD, cover="false") == [first, other]
