"""Pay periods and timesheets: what is closed stays, and what comes later is a line of the next period."""

import csv
import io
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.sessions.domain.payroll import Close, Counted, Open, Payroll, payroll, period_id
from shared.contracts.fact import Fact
from shared.contracts.sessions.pay_period import PayPeriodClosed, PayPeriodOpened, Total
from shared.kernel.decider import Refused
from tests.sessions.term import MONDAYS, planned, ready, set_slots
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import CHILD, MENTOR, MONDAY_NINE
from tests.support.served import Served

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
opened, closed = example(PayPeriodOpened), example(PayPeriodClosed)
NOTHING = Counted(closed.totals, closed.counted_to, 0)
CLOSE = Close(opened.period_id, NOTHING, None, at=closed.closed_at)
FORMS = {"activities": ["comfort"], "ratio": "one_to_one"}


def test_a_period_is_closed_with_its_totals_and_once() -> None:
    given(payroll, opened).when(CLOSE).then(closed)
    given(payroll, opened).when(CLOSE, CLOSE).then_nothing()


def test_a_period_is_not_closed_while_sessions_are_unresolved_unless_it_is_forced() -> None:
    one = ({"session_id": "s", "detail": "logged, on 2026-09-07"},)
    left = Close(opened.period_id, Counted((), 1, 1, one), None, at=closed.closed_at)
    given(payroll, opened).when(left).refused("sessions_unresolved", "2026-09-07")
    forced = Close(opened.period_id, Counted((), 1, 1, one), "mentor left", at=closed.closed_at)
    answered = given(payroll, opened).when(forced)
    assert isinstance(answered.facts[0], PayPeriodClosed)
    assert (answered.facts[0].force_reason, answered.facts[0].unresolved) == ("mentor left", 1)


def test_a_period_is_not_closed_before_its_cut_off_or_its_last_day() -> None:
    early = opened.cut_off_at - HOUR
    given(payroll, opened).when(Close(opened.period_id, NOTHING, None, at=early)).refused("before_cut_off")
    during = Close(opened.period_id, NOTHING, "in a hurry", at=early - 20 * DAY)
    given(payroll, opened).when(during).refused("period_not_over")


def test_periods_share_no_day_and_are_closed_in_their_order() -> None:
    october = Open(
        uuid4(), date(2026, 9, 30), date(2026, 10, 31), opened.cut_off_at + 31 * DAY, at=MONDAY_NINE
    )
    given(payroll, opened).when(october).refused("periods_overlap")
    later = Open(uuid4(), date(2026, 10, 1), date(2026, 10, 31), opened.cut_off_at + 31 * DAY, at=MONDAY_NINE)
    close = Close(later.period_id, NOTHING, None, at=closed.closed_at + 60 * DAY)
    given(payroll, opened).when(later, close).refused("earlier_period_open")
    before = Open(uuid4(), date(2026, 8, 1), date(2026, 8, 31), opened.cut_off_at, at=MONDAY_NINE)
    given(payroll, opened, closed).when(before).refused("period_before_closed")


class AnyPayroll(RuleBasedStateMachine):
    """Whatever is asked: periods share no day, close in order, and none is closed twice."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[Fact] = []
        self.state = Payroll()

    def ask(self, command: Open | Close) -> None:
        try:
            decided = payroll.decide(self.state, command)
        except Refused:
            return
        self.facts += decided
        self.state = payroll.fold(decided, self.state)
        assert not payroll.decide(self.state, command), "deciding again yields nothing"

    @rule(start=st.integers(0, 80), length=st.integers(-1, 40), grace=st.integers(-3, 10))
    def opens(self, start: int, length: int, grace: int) -> None:
        first = MONDAYS[0] + start * DAY
        cut_off = MONDAY_NINE + (start + length + grace) * DAY
        self.ask(Open(period_id("uk-london", first), first, first + length * DAY, cut_off, at=MONDAY_NINE))

    @precondition(lambda self: self.state.periods)
    @rule(data=st.data(), days=st.integers(0, 140), unresolved=st.integers(0, 1), force=st.booleans())
    def closes(self, data: st.DataObject, days: int, unresolved: int, force: bool) -> None:
        period = data.draw(st.sampled_from(self.state.periods))
        counted = Counted((), days, unresolved)
        self.ask(Close(period.period_id, counted, "why" if force else None, at=MONDAY_NINE + days * DAY))

    @invariant()
    def the_rules_hold(self) -> None:
        periods = self.state.periods
        for one, other in pairwise(periods):
            assert one.ends_on < other.starts_on
        done = [period.period_id in self.state.closed for period in periods]
        assert done == sorted(done, reverse=True), "closed in their order"
        ends = [fact for fact in self.facts if isinstance(fact, PayPeriodClosed)]
        assert len({fact.period_id for fact in ends}) == len(ends)
        assert all(fact.force_reason or not fact.unresolved for fact in ends)
        assert all(fact.force_reason or fact.closed_at >= fact.cut_off_at for fact in ends)


TestAnyPayroll = AnyPayroll.TestCase
TestAnyPayroll.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


async def open_period(sessions: Served, first: date, last: date) -> str:
    cut_off = datetime.combine(last + 2 * DAY, MONDAY_NINE.timetz())
    body = {"starts_on": str(first), "ends_on": str(last), "cut_off_at": cut_off.isoformat()}
    found: str = (await sessions.done("/pay-periods", body))["period_id"]
    return found


async def held(sessions: Served, planned_session: Any, minutes: int) -> str:
    """The session was held and logged."""
    session_id: str = planned_session["session_id"]
    sessions.clock.at = datetime.fromisoformat(planned_session["starts_at"])
    await sessions.done(f"/sessions/{session_id}/start", {})
    sessions.clock.at += 3 * HOUR
    log = {**FORMS, "contact_minutes": minutes, "notes": "well"}
    await sessions.done(f"/sessions/{session_id}/log", log, role="mentor", name=str(MENTOR))
    return session_id


async def lines(sessions: Served, period: str, **which: Any) -> list[tuple[str, str, int]]:
    found = await sessions.ask("/timesheets", period_id=period, **which)
    return [(item["day"], item["kind"], item["minutes"]) for item in found["items"]]


async def test_from_the_open_period_to_corrections_in_the_next(sessions: Served) -> None:
    await ready(sessions)
    await set_slots(sessions)
    first = await open_period(sessions, MONDAYS[0], MONDAYS[1] + 6 * DAY)
    second = await open_period(sessions, MONDAYS[2], MONDAYS[3] + 6 * DAY)
    one, two, three, four = await planned(sessions)
    mine = await held(sessions, one, 175)
    await sessions.done(f"/sessions/{mine}/approve", {})
    sessions.clock.at = datetime.fromisoformat(two["starts_at"]) - HOUR
    off = {"cancelled_by": "family", "reason": "child_absent"}
    await sessions.done(f"/sessions/{two['session_id']}/cancellation", off)
    assert await lines(sessions, first) == [
        ("2026-09-07", "contact", 175),
        ("2026-09-14", "chargeable_cancellation", 180),
    ]
    # A return before the closing leaves no trace in pay.
    await sessions.done(f"/sessions/{mine}/return", {"reason": "which activities?"})
    assert await lines(sessions, first) == [("2026-09-14", "chargeable_cancellation", 180)]
    sessions.clock.at = datetime.combine(MONDAYS[2] + 2 * DAY, MONDAY_NINE.timetz())
    answer = await sessions.command(f"/pay-periods/{first}/close", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "sessions_unresolved")
    log = {**FORMS, "contact_minutes": 170, "late_reason": "was ill"}
    amended = await sessions.command(f"/sessions/{mine}/log", log)
    assert amended.json()["code"] == "after_cut_off"
    forced = {"force": True, "force_reason": "the log of the 7th is being mended"}
    await sessions.done(f"/pay-periods/{first}/close", forced)
    shown = await sessions.ask(f"/pay-periods/{first}")
    assert shown["totals"] == [{"kind": "chargeable_cancellation", "lines": 1, "minutes": 180}]
    assert (shown["unresolved"], shown["force_reason"]) == (1, forced["force_reason"])
    # The log that did not come in time is put on record by the office, and paid with the next period.
    late = {**FORMS, "contact_minutes": 170, "reason_code": "log_missing", "reason": "the mentor was ill"}
    await sessions.done(f"/sessions/{mine}/amend", late)
    assert await lines(sessions, second) == [("2026-09-07", "amended_contact", 170)]
    third = await held(sessions, three, 180)
    await sessions.done(f"/sessions/{third}/approve", {})
    fourth = await held(sessions, four, 160)
    await sessions.done(f"/sessions/{fourth}/approve", {})
    sessions.clock.at = datetime.combine(MONDAYS[3] + 9 * DAY, MONDAY_NINE.timetz())
    await sessions.done(f"/pay-periods/{second}/close", {})
    settled = [
        ("2026-09-07", "amended_contact", 170),
        ("2026-09-21", "contact", 180),
        ("2026-09-28", "contact", 160),
    ]
    assert await lines(sessions, second) == settled
    states = {s["session_id"]: s["state"] for s in (await sessions.ask("/sessions", child_id=CHILD))["items"]}
    assert (states[third], states[fourth]) == ("locked", "locked")
    # What is amended after the closing is reversed and booked anew in the next open period.
    october = await open_period(sessions, date(2026, 10, 5), date(2026, 10, 31))
    wrong = {**FORMS, "contact_minutes": 150, "reason_code": "wrong_minutes", "reason": "left early"}
    await sessions.done(f"/sessions/{fourth}/amend", wrong)
    await sessions.done(f"/sessions/{third}/void", {"reason_code": "duplicate", "reason": "twice on record"})
    assert await lines(sessions, second) == settled
    assert sorted(await lines(sessions, october)) == [
        ("2026-09-21", "reversal", -180),
        ("2026-09-28", "amended_contact", 150),
        ("2026-09-28", "reversal", -160),
    ]
    found = await sessions.ask("/timesheets", period_id=october, limit=1)
    assert {total["kind"]: total["minutes"] for total in found["totals"]} == {
        "amended_contact": 150,
        "reversal": -340,
    }
    totals = (await sessions.ask(f"/pay-periods/{second}"))["totals"]
    assert [Total(**total) for total in totals] == [
        Total(kind="amended_contact", lines=1, minutes=170),
        Total(kind="contact", lines=2, minutes=340),
    ]
    sheet = await sessions.get("/timesheets", period_id=october, format="csv", role="integrator")
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert [row["minutes"] for row in rows if row["kind"] == "amended_contact"] == ["150"]
    assert list(rows[0])[:6] == ["period_id", "line_id", "kind", "day", "minutes", "session_id"]
    other = await sessions.get("/timesheets", period_id=october, role="mentor", name=str(uuid4()))
    assert other.status_code == 403
    assert await sessions.parked() == 0
