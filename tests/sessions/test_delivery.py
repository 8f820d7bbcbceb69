"""Provision against delivery: every minute that is missing has a reason, and the reasons add up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st

from services.sessions.domain.child_history import ChildHistory, fold
from services.sessions.domain.delivery import deliver, together, weeks
from services.sessions.domain.usual_calendar import usual_terms
from shared.contracts.assignments.child import ProvisionSpecified
from shared.contracts.school_days import Calendar, SchoolDays
from shared.contracts.sessions.calendar import Closure
from tests.sessions.term import ASSIGNED, MONDAYS, ready, set_slots
from tests.support.examples import example
from tests.support.people import CHILD, MONDAY_NINE
from tests.support.served import Served

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SUNDAY = MONDAYS[0] + 6 * DAY
LATER = MONDAY_NINE + 60 * DAY
SCHOOL = SchoolDays(
    [Calendar("region", 2026, usual_terms(2026), (Closure(on=MONDAYS[1], reason="weather"),))]
)
PROVISION = ("ProvisionSpecified", {"effective_from": "2026-09-01", "minutes_per_week": 900})


def supported(**changes: Any) -> tuple[str, dict[str, Any]]:
    return "MentorAssigned", {**ASSIGNED.model_dump(mode="json"), **changes}


def session(day: int = 0, hours: int = 3, begins: int = 0, **told: Any) -> tuple[UUID, list[Any]]:
    """A session of so many hours on the nth day, `begins` hours later than nine o'clock."""
    session_id, starts_at = uuid4(), MONDAY_NINE + day * DAY + begins * HOUR
    times = {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + hours * HOUR).isoformat()}
    scheduled = {"session_id": str(session_id), **times, "time_zone": "Europe/London", **told}
    return session_id, [("SessionScheduled", scheduled)]


def then(session_id: UUID, fact: str, **told: Any) -> tuple[str, dict[str, Any]]:
    return fact, {"session_id": str(session_id), **told}


def gaps(*facts: Any, since: date = MONDAYS[0], until: date = SUNDAY, as_of: datetime = LATER) -> set[Any]:
    found = deliver(fold(CHILD, facts), SCHOOL, since, until, as_of)
    assert sum(gap.minutes for gap in found.gaps) == found.undelivered_minutes
    return {(gap.kind, gap.by, gap.reason, gap.minutes) for gap in found.gaps}


def test_a_week_that_was_delivered_has_no_gap() -> None:
    facts = [PROVISION, supported()]
    for day in range(5):
        session_id, planned = session(day)
        facts += [*planned, then(session_id, "SessionLogged", contact_minutes=180)]
    assert gaps(*facts) == set()


def test_each_reason_has_its_minutes() -> None:
    (held, a), (missed, b), (off, c), (_, d) = (session(day) for day in range(4))
    facts = [
        PROVISION, supported(), *a, *b, *c, *d,
        then(held, "SessionLogged", contact_minutes=150),
        then(missed, "SessionMissed"),
        then(off, "SessionCancelled", cancelled_by="school", reason="school_closed"),
    ]  # fmt: skip
    assert gaps(*facts, as_of=MONDAY_NINE + 3 * DAY) == {
        ("shorter_than_planned", None, None, 30),
        ("missed", None, None, 180),
        ("cancelled", "school", "school_closed", 180),
        ("still_to_come", None, None, 180),
        ("not_timetabled", None, None, 180),
    }


def test_a_session_that_somebody_covered_is_no_gap() -> None:
    (off, a), (cover, b) = session(), session()
    called_off = then(off, "SessionCancelled", cancelled_by="mentor", reason="mentor_absent")
    held = then(cover, "SessionLogged", contact_minutes=180)
    found = gaps(PROVISION, supported(), *a, called_off, *b, held)
    assert found == {("not_timetabled", None, None, 720)}


def test_days_without_school_ask_for_nothing() -> None:
    found = deliver(fold(CHILD, [PROVISION]), SCHOOL, MONDAYS[1], MONDAYS[1] + 6 * DAY, LATER)
    assert (found.school_days, found.specified_minutes) == (4, 720)
    half_term = date(2026, 10, 26)
    assert deliver(fold(CHILD, [PROVISION]), SCHOOL, half_term, half_term + 4 * DAY, LATER).gaps == ()


def test_a_pause_and_a_week_without_a_mentor_are_told_apart() -> None:
    assert gaps(PROVISION) == {("no_mentor", None, None, 900)}
    whose = {"assignment_id": str(ASSIGNED.assignment_id)}
    paused = ("AssignmentPaused", {**whose, "paused_from": str(MONDAYS[0] + 2 * DAY)})
    assert gaps(PROVISION, supported(), paused) == {
        ("paused", None, None, 540),
        ("not_timetabled", None, None, 360),
    }
    resumed = ("AssignmentResumed", {**whose, "resumed_on": str(MONDAYS[0] + 3 * DAY)})
    assert ("paused", None, None, 180) in gaps(PROVISION, supported(), paused, resumed)


def test_an_amendment_and_a_void_change_what_was_delivered() -> None:
    session_id, planned = session(hours=15)
    logged = then(session_id, "SessionLogged", contact_minutes=900)
    facts = [PROVISION, supported(), *planned, logged]
    assert gaps(*facts) == set()
    amended = then(session_id, "SessionAmended", contact_minutes=600)
    assert gaps(*facts, amended) == {("shorter_than_planned", None, None, 300)}
    assert gaps(*facts, amended, then(session_id, "SessionVoided")) == {("voided", None, None, 900)}


ENDS = st.sampled_from(
    [
        ("SessionLogged", {"contact_minutes": 170}),
        ("SessionMissed", {}),
        ("SessionCancelled", {"cancelled_by": "agency", "reason": "covered"}),
        ("SessionVoided", {}),
        ("SessionStarted", {}),
        None,
    ]
)
SESSIONS = st.lists(st.tuples(st.integers(0, 13), st.integers(1, 6), st.integers(0, 5), ENDS), max_size=12)


@settings(max_examples=30, deadline=None)
@every(SESSIONS, st.integers(0, 2400), st.booleans())
def test_what_is_missing_is_always_the_sum_of_its_reasons(
    sessions: list[Any], minutes: int, supporting: bool
) -> None:
    facts: list[Any] = [("ProvisionSpecified", {**PROVISION[1], "minutes_per_week": minutes})]
    facts += [supported()] if supporting else []
    for day, hours, begins, end in sessions:
        session_id, planned = session(day, hours, begins)
        facts += [*planned, *([then(session_id, end[0], **end[1])] if end else [])]
    history: ChildHistory = fold(CHILD, facts)
    until = MONDAYS[0] + 13 * DAY
    parts = [deliver(history, SCHOOL, *week, MONDAY_NINE + 5 * DAY) for week in weeks(MONDAYS[0], until)]
    whole = together(parts)
    for found in (*parts, whole):
        assert sum(gap.minutes for gap in found.gaps) == found.undelivered_minutes
        assert all(gap.minutes > 0 for gap in found.gaps if gap.kind in ("missed", "cancelled", "no_mentor"))
    assert (whole.starts_on, whole.ends_on) == (MONDAYS[0], until)


async def test_delivery_is_answered_as_known_then_and_as_known_now(sessions: Served) -> None:
    await ready(sessions)
    provision = example(ProvisionSpecified).model_copy(
        update={"child_id": CHILD, "minutes_per_week": 180, "effective_from": date(2026, 9, 1)}
    )
    await sessions.hear("assignments", provision)
    await set_slots(sessions)
    sessions.clock.at = MONDAY_NINE
    (first, *_) = (await sessions.ask("/sessions", child_id=CHILD))["items"]
    await sessions.done(f"/sessions/{first['session_id']}/start", {})
    sessions.clock.at = MONDAY_NINE + 3 * HOUR
    before = sessions.clock.at
    sessions.clock.at += HOUR
    log = {"activities": ["comfort"], "contact_minutes": 170, "ratio": "one_to_one"}
    await sessions.done(f"/sessions/{first['session_id']}/log", log)
    span: dict[str, Any] = {"from": MONDAYS[0], "to": MONDAYS[1] + 6 * DAY}
    found = await sessions.ask(f"/children/{CHILD}/delivery", **span)
    assert [week["running_undelivered_minutes"] for week in found["weeks"]] == [10, 190]
    assert found["weeks"][0]["gaps"] == [
        {"kind": "shorter_than_planned", "by": None, "reason": None, "minutes": 10, "sessions": 1}
    ]
    assert found["weeks"][1]["gaps"][0]["kind"] == "still_to_come"
    assert [(term["term"], term["delivered_minutes"]) for term in found["terms"]] == [("Autumn 1", 170)]
    then_known = await sessions.ask(
        f"/children/{CHILD}/delivery", **span, known_at=before.astimezone(UTC).isoformat()
    )
    assert (then_known["delivered_minutes"], then_known["weeks"][0]["gaps"][0]["kind"]) == (0, "log_awaited")
    assert (await sessions.get(f"/children/{uuid4()}/delivery", **span)).status_code == 404
