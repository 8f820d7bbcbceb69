"""What becomes of coming sessions when somebody is away, or may not come; past ones stay as they are."""

from datetime import datetime
from uuid import UUID, uuid4

from shared.contracts.assignments.assignment import (
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
    PrimaryStoodAside,
    PrimaryStoodBack,
)
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.cover import CoverAccepted, CoverCancelled
from shared.contracts.assignments.mentor import MentorAbsenceReported, MentorWentOnLeave
from shared.contracts.training.standing import MentorSuspended, SuspensionLifted
from tests.sessions.story import DAY, HOUR, assigned, held, plan, schedule, shown, state, supported
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, MONDAY_NINE
from tests.support.served import Served

MONDAY = MONDAY_NINE.date()


async def week(sessions: Served) -> tuple[MentorAssigned, list[str]]:
    """Monday's session took place; Tuesday's, Wednesday's and Thursday's are to come."""
    support = await supported(sessions)
    coming = [await schedule(sessions, MONDAY_NINE + n * DAY) for n in (1, 2, 3)]
    return support, [await held(sessions, MONDAY_NINE), *coming]


async def states(sessions: Served, week: list[str]) -> list[tuple[str, str | None]]:
    found = [await sessions.ask(f"/sessions/{session_id}") for session_id in week]
    return [(one["state"], one["cancel_reason"]) for one in found]


async def test_an_absent_mentor_does_not_come_and_nobody_pays(sessions: Served) -> None:
    _, made = await week(sessions)
    absence = example(MentorAbsenceReported).model_copy(
        update={"mentor_id": MENTOR, "absent_from": MONDAY, "absent_until": MONDAY + 2 * DAY}
    )
    await sessions.hear("assignments", absence)
    assert await states(sessions, made) == [
        ("submitted", None),
        ("cancelled", "mentor_absent"),
        ("scheduled", None),
        ("scheduled", None),
    ]
    found = await sessions.ask(f"/sessions/{made[1]}")
    assert (found["chargeable"], found["cancelled_by"]) == (False, "mentor")


async def test_an_absent_child_is_charged_when_less_than_a_days_notice_was_given(sessions: Served) -> None:
    _, made = await week(sessions)
    absence = example(ChildAbsenceReported).model_copy(
        update={
            "child_id": CHILD,
            "absent_from": MONDAY,
            "absent_until": MONDAY + 3 * DAY,
            "reported_at": MONDAY_NINE + DAY - HOUR,
        }
    )
    await sessions.hear("assignments", absence)
    found = [await sessions.ask(f"/sessions/{session_id}") for session_id in made]
    assert [(one["state"], one["cancel_reason"], one["chargeable"]) for one in found] == [
        ("submitted", None, None),
        ("cancelled", "child_absent", True),
        ("cancelled", "child_absent", False),
        ("scheduled", None, None),
    ]


async def test_a_session_missed_because_the_child_was_away_is_told_so_later(sessions: Served) -> None:
    await supported(sessions)
    session_id = await schedule(sessions, MONDAY_NINE)
    await sessions.pass_time(MONDAY_NINE + HOUR)
    assert await state(sessions, session_id) == "missed"
    absence = example(ChildAbsenceReported).model_copy(
        update={
            "child_id": CHILD,
            "absent_from": MONDAY,
            "absent_until": MONDAY + DAY,
            "reported_at": sessions.clock.at,
        }
    )
    await sessions.hear("assignments", absence)
    assert await states(sessions, [session_id]) == [("cancelled", "child_absent")]


async def test_nobody_comes_while_an_assignment_is_paused(sessions: Served) -> None:
    support, made = await week(sessions)
    of = {"assignment_id": support.assignment_id, "child_id": CHILD, "mentor_id": MENTOR}
    paused = example(AssignmentPaused).model_copy(update={**of, "paused_from": MONDAY + 2 * DAY})
    await sessions.hear("assignments", paused)
    assert await states(sessions, made) == [
        ("submitted", None),
        ("scheduled", None),
        ("cancelled", "assignment_paused"),
        ("cancelled", "assignment_paused"),
    ]
    answer = await sessions.command("/sessions", plan(MONDAY_NINE + 3 * DAY))
    assert answer.json()["code"] == "assignment_paused"
    resumed = example(AssignmentResumed).model_copy(update={**of, "resumed_on": MONDAY + 3 * DAY})
    await sessions.hear("assignments", resumed)
    await schedule(sessions, MONDAY_NINE + 3 * DAY)


async def test_a_suspension_or_leave_ends_what_is_to_come_and_shuts_the_gate(sessions: Served) -> None:
    _, made = await week(sessions)
    suspended = example(MentorSuspended).model_copy(update={"mentor_id": MENTOR, "suspended_on": MONDAY})
    await sessions.hear("training", suspended)
    assert await states(sessions, made) == [
        ("submitted", None),
        *[("cancelled", "mentor_suspended")] * 3,
    ]
    answer = await sessions.command("/sessions", plan(MONDAY_NINE + DAY))
    assert answer.json()["code"] == "mentor_not_deployable"
    lifted = example(SuspensionLifted).model_copy(
        update={"mentor_id": MENTOR, "suspended_on": MONDAY, "lifted_on": MONDAY}
    )
    await sessions.hear("training", lifted)
    again = [await schedule(sessions, MONDAY_NINE + n * DAY) for n in (1, 2)]
    leave = example(MentorWentOnLeave).model_copy(
        update={"mentor_id": MENTOR, "leave_from": MONDAY + DAY, "expected_back_on": MONDAY + 2 * DAY}
    )
    await sessions.hear("assignments", leave)
    assert await states(sessions, again) == [("cancelled", "mentor_on_leave"), ("scheduled", None)]


async def test_the_primary_gives_way_to_cover_and_cover_is_for_its_days(sessions: Served) -> None:
    support, made = await week(sessions)
    cover_id, other, day = uuid4(), uuid4(), MONDAY + DAY
    of = {"cover_id": cover_id, "child_id": CHILD, "mentor_id": other, "days": (day,)}
    cover = assigned(
        other,
        CHILD,
        role="cover",
        cover_id=cover_id,
        effective_from=MONDAY,
        effective_until=MONDAY + 3 * DAY,
    )
    aside = example(PrimaryStoodAside).model_copy(
        update={
            "assignment_id": support.assignment_id,
            "cover_id": cover_id,
            "days": (day,),
            "stood_aside_at": sessions.clock.now(),
        }
    )
    await sessions.hear("training", *shown(other))
    await sessions.hear("assignments", aside, example(CoverAccepted).model_copy(update=of), cover)
    assert (await states(sessions, made))[1] == ("cancelled", "mentor_absent")
    covered = await _plan(sessions, MONDAY_NINE + DAY, other)
    assert (await sessions.ask(f"/sessions/{covered}"))["cover"] is True
    for mentor_id, n, code in ((MENTOR, 1, "mentor_stands_aside"), (other, 2, "no_active_assignment")):
        free = MONDAY_NINE + n * DAY + 3 * HOUR
        answer = await sessions.command("/sessions", plan(free, mentor_id))
        assert answer.json()["code"] == code
    over = example(CoverCancelled).model_copy(update={**of, "days_left": (), "days_kept": ()})
    back = example(PrimaryStoodBack).model_copy(update=aside.model_dump(exclude={"stood_aside_at"}))
    await sessions.hear("assignments", over, back)
    assert await states(sessions, [covered]) == [("cancelled", "cover_ended")]
    await _plan(sessions, MONDAY_NINE + DAY, MENTOR)
    assert await sessions.parked() == 0


async def _plan(sessions: Served, at: datetime, mentor_id: UUID) -> str:
    return await schedule(sessions, at, mentor_id)
