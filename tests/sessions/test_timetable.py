"""A timetable and what it is made into: the decider, the clock of the school, and any world around it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.sessions.domain.away import Away, Heard
from services.sessions.domain.expansion import CallOff, Made, Move, Plan, steps
from services.sessions.domain.local_time import at_school, clock
from services.sessions.domain.occasions import Known, occasions
from services.sessions.domain.permission import Pause, Support, school_day
from services.sessions.domain.slots import Version
from services.sessions.domain.timetable import HORIZON, Timetable, timetable
from services.sessions.domain.timetable_commands import End, Expand, SetSlots
from services.sessions.domain.usual_calendar import usual_terms
from shared.contracts.eligibility import REQUIRED, Evidence
from shared.contracts.fact import Fact
from shared.contracts.school_days import Calendar, SchoolDays
from shared.contracts.sessions.calendar import Closure
from shared.contracts.sessions.timetable import Slot, TimetableEnded, TimetableExpanded, TimetableSet
from shared.contracts.words.calendar import WEEKDAYS
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, MONDAY_NINE, SCHOOL, SUPPORT_BEGINS

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LONDON = "Europe/London"
as_set, expanded, ended = example(TimetableSet), example(TimetableExpanded), example(TimetableEnded)
SUPPORT = Support(ASSIGNMENT, MENTOR, CHILD, SCHOOL, SUPPORT_BEGINS)
SET = SetSlots(
    as_set.timetable_id, SUPPORT, as_set.slots, as_set.effective_from, None, LONDON, at=as_set.set_at
)
AT_NINE = Slot(weekday="monday", starts="09:00", minutes=60)


def test_setting_a_timetable_sets_it_and_has_it_planned_four_weeks_ahead() -> None:
    answered = given(timetable).when(SET)
    assert answered.facts[0] == as_set
    (_, planned) = answered.facts
    assert isinstance(planned, TimetableExpanded)
    assert planned.expanded_until == as_set.set_at.date() + HORIZON
    assert planned.next_at == as_set.set_at + 7 * DAY
    given(timetable).when(SET, SET).then_nothing()


def test_an_ended_timetable_is_planned_no_further_and_not_set_again() -> None:
    over = End(ended.ended_on, ended.reason, at=ended.ended_at)
    answered = given(timetable, as_set).when(over)
    assert answered.facts[0] == ended
    assert isinstance(answered.facts[1], TimetableExpanded)
    assert answered.facts[1].next_at is None
    given(timetable, as_set).when(over, over).then_nothing()
    given(timetable, as_set, ended).when(replace(SET, slots=(AT_NINE,))).refused("timetable_ended")


def test_a_timetable_needs_an_assignment_and_slots_that_can_be_kept() -> None:
    given(timetable).when(replace(SET, support=None)).refused("no_active_assignment")
    past = replace(SUPPORT, ended_on=as_set.effective_from)
    given(timetable).when(replace(SET, support=past)).refused("no_active_assignment")
    overlapping = (AT_NINE, Slot(weekday="monday", starts="09:30", minutes=60))
    given(timetable).when(replace(SET, slots=overlapping)).refused("invalid_slots", "overlap")
    late = (Slot(weekday="monday", starts="23:00", minutes=60),)
    given(timetable).when(replace(SET, slots=late)).refused("invalid_slots", "before midnight")
    given(timetable).when(replace(SET, slots=())).refused("invalid_slots")
    given(timetable).when(replace(SET, slots=(replace_starts("25:00"),))).refused("invalid_slots")
    given(timetable).when(replace(SET, time_zone="Mars/Base")).refused("invalid_time_zone")
    given(timetable).when(replace(SET, effective_until=SET.effective_from)).refused("invalid_effective_until")
    given(timetable).when(Expand("asked_for", uuid4(), at=SET.at)).refused("timetable_unknown")


def replace_starts(starts: str) -> Slot:
    return AT_NINE.model_copy(update={"starts": starts})


SLOTS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["08:30", "10:00", "11:30", "13:00"]), st.integers(30, 90)),
    min_size=1,
    max_size=4,
    unique_by=lambda slot: slot[:2],
).map(lambda found: tuple(Slot(weekday=WEEKDAYS[d], starts=s, minutes=m) for d, s, m in found))
MOMENTS = st.integers(0, 60).map(lambda days: SET.at + days * DAY)


@settings(max_examples=60, deadline=None)
@every(
    st.lists(
        st.one_of(
            st.builds(replace, st.just(SET), slots=SLOTS, at=MOMENTS),
            st.builds(Expand, st.just("asked_for"), st.uuids(), MOMENTS),
            st.builds(End, MOMENTS.map(datetime.date), st.just("other"), MOMENTS),
        ),
        max_size=8,
    )
)
def test_a_timetable_is_decided_once_and_never_planned_less_far(commands: list[Any]) -> None:
    facts: list[Fact] = []
    for command in [SET, *commands]:
        state: Timetable = timetable.fold(facts)
        try:
            decided = tuple(timetable.decide(state, command))
        except Refused:
            continue
        facts += decided
        assert not timetable.decide(timetable.fold(facts), command), "deciding again yields nothing"
    until = [fact.expanded_until for fact in facts if isinstance(fact, TimetableExpanded)]
    assert until == sorted(until)
    ends = [fact.ended_on for fact in facts if isinstance(fact, TimetableEnded)]
    assert ends == sorted(ends, reverse=True)


ZONES = st.sampled_from(
    (
        *("Europe/London", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "Atlantic/Azores"),
        *("Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "Asia/Tehran", "Antarctica/Troll"),
    )
)


@settings(max_examples=300, deadline=None)
@every(ZONES, st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.integers(0, 24 * 60 - 1))
def test_the_time_on_the_schools_clock_is_kept(zone: str, day: date, minute: int) -> None:
    check_clock(zone, day, f"{minute // 60:02}:{minute % 60:02}")


@settings(max_examples=25, deadline=None)
@every(ZONES, st.integers(1990, 2040))
def test_it_is_kept_on_every_day_on_which_clocks_change(zone: str, year: int) -> None:
    known = ZoneInfo(zone)
    noon = [datetime(year, 1, 1, 12, tzinfo=known) + n * DAY for n in range(366)]
    for before, after in pairwise(noon):
        if before.utcoffset() != after.utcoffset():
            for minute in range(0, 24 * 60, 15):
                for day in (before.date(), after.date()):
                    check_clock(zone, day, f"{minute // 60:02}:{minute % 60:02}")


def check_clock(zone: str, day: date, starts: str) -> None:
    """Shown when it exists; the first time when it is shown twice; never earlier when it is leapt over."""
    moment = at_school(day, starts, zone)
    wanted = datetime.combine(day, clock(starts))
    around = [wanted.replace(tzinfo=UTC) + n * DAY for n in (-1, 1)]
    offsets = {at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for at in around}
    shows = [
        at
        for at in (wanted.replace(tzinfo=UTC) - offset for offset in offsets)
        if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted
    ]
    if shows:
        assert moment == min(shows)
    elif moment is not None:
        shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert wanted < shown <= wanted + 2 * HOUR
        assert shown.date() == day


READY = tuple(Evidence(item, SUPPORT_BEGINS - 100 * DAY) for item in REQUIRED)
STAND_IN = uuid5(MENTOR, "stands in")


class AnyTerm(RuleBasedStateMachine):
    """Whatever happens around a timetable: what is coming is what is wanted, and what was decided stays."""

    @initialize(slots=SLOTS)
    def set_up(self, slots: tuple[Slot, ...]) -> None:
        self.now = MONDAY_NINE
        self.closures: list[Closure] = []
        self.heard: list[Heard] = []
        self.support, self.covers = SUPPORT, tuple[Support, ...]()
        self.versions = [Version(slots, SUPPORT_BEGINS, None, LONDON)]
        self.ended_on: date | None = None
        self.made: dict[UUID, Made] = {}
        self.by_hand: set[UUID] = set()
        self.owner: dict[UUID, UUID] = {}
        self.look()

    def known(self) -> Known:
        return Known(
            timetable_id=as_set.timetable_id,
            assignment_id=ASSIGNMENT,
            child_id=CHILD,
            versions=self.versions,
            ended_on=self.ended_on,
            expanded_until=school_day(self.now, LONDON) + HORIZON,
            newest=True,
            supports=(self.support, *self.covers),
            away=Away(self.heard),
            school=SchoolDays([Calendar("region", 2026, usual_terms(2026), tuple(self.closures))]),
            evidence={MENTOR: READY, STAND_IN: READY},
        )

    def look(self) -> None:
        """Do what is to be done, as the sessions would: none overlaps, and a moved one stays the same."""
        for step in steps(self.known(), tuple(self.made.values()), self.now):
            match step:
                case Plan(session_id, occasion) | Move(session_id, occasion):
                    assert isinstance(step, Move) == (session_id in self.made)
                    starts_at, ends_at = occasion.starts_at, occasion.ends_at
                    others = [m for m in self.made.values() if m.session_id != session_id]
                    assert not any(
                        m.state != "passing" and m.starts_at < ends_at and starts_at < m.ends_at
                        for m in others
                    ), "no step is in the way of another"
                    assert starts_at > self.now
                    assert occasion.support is not None
                    self.owner[session_id] = occasion.support.mentor_id
                    self.made[session_id] = Made(session_id, occasion.day, starts_at, ends_at, "coming")
                case CallOff(session_id):
                    assert self.made[session_id].state == "coming"
                    self.made[session_id] = replace(self.made[session_id], state="passing")
        again = steps(self.known(), tuple(self.made.values()), self.now)
        assert again == (), "doing it again does nothing"

    @rule(days=st.integers(0, 12), hours=st.integers(0, 10))
    def time_passes(self, days: int, hours: int) -> None:
        self.now += days * DAY + hours * HOUR
        for session_id, session in self.made.items():
            if session.state == "coming" and session.starts_at <= self.now:
                self.made[session_id] = replace(session, state="settled")
        self.look()

    @rule(slots=SLOTS, later=st.integers(0, 20))
    def slots_change(self, slots: tuple[Slot, ...], later: int) -> None:
        self.versions.append(Version(slots, self.now.date() + later * DAY, None, LONDON))
        self.look()

    @rule(later=st.integers(0, 30), opened=st.booleans())
    def school_closes(self, later: int, opened: bool) -> None:
        self.closures = (
            [] if opened else [*self.closures, Closure(on=self.now.date() + later * DAY, reason="other")]
        )
        self.look()

    @rule(later=st.integers(1, 10), length=st.integers(1, 10))
    def assignment_rests(self, later: int, length: int) -> None:
        since = self.now.date() + later * DAY
        self.support = replace(self.support, pauses=(Pause(since, since + length * DAY),))
        self.look()

    @rule(later=st.integers(1, 10), length=st.integers(1, 10))
    def mentor_is_absent_and_covered(self, later: int, length: int) -> None:
        since = self.now.date() + later * DAY
        until = since + length * DAY
        self.heard.append(Heard(MENTOR, "mentor_absent", since, until))
        for session_id, session in self.made.items():
            if (
                session.state == "coming"
                and since <= session.day < until
                and self.owner[session_id] == MENTOR
            ):
                self.made[session_id] = replace(session, state="settled")
                self.owner.pop(session_id)
                # Its time is free: called off by somebody else than the timetable, for good.
                self.made[session_id] = replace(self.made[session_id], ends_at=session.starts_at)
        cover_id = uuid5(ASSIGNMENT, f"{since}/{until}/{len(self.covers)}")
        if not any(c.effective_from < until and since < (c.effective_until or until) for c in self.covers):
            cover = Support(cover_id, STAND_IN, CHILD, SCHOOL, since, role="cover", effective_until=until)
            self.covers = (*self.covers, cover)
        self.look()

    @rule(later=st.integers(0, 40))
    def support_ends(self, later: int) -> None:
        day = self.now.date() + later * DAY
        if self.ended_on is None or day < self.ended_on:
            self.ended_on = day
            self.support = replace(self.support, ended_on=day)
            self.look()

    @invariant()
    def what_is_coming_is_what_is_wanted(self) -> None:
        if not hasattr(self, "made"):
            return
        known, today = self.known(), school_day(self.now, LONDON)
        wanted = {
            (o.starts_at, o.ends_at, o.support.mentor_id)
            for o in occasions(known, today, today)
            if o.support and not o.hindrance and o.starts_at > self.now
        }
        coming = [m for m in self.made.values() if m.state == "coming"]
        for session in coming:
            assert (session.starts_at, session.ends_at, self.owner[session.session_id]) in wanted
            assert known.school.no_school(session.day) is None
            cover = any(c.covers(session.day) for c in self.covers)
            assert cover or self.support.covers(session.day)


TestAnyTerm = AnyTerm.TestCase
TestAnyTerm.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)


def test_the_same_day_and_slot_is_the_same_session() -> None:
    machine = AnyTerm()
    machine.set_up((AT_NINE,))
    monday = {session.day: session.session_id for session in machine.made.values()}
    assert monday[SUPPORT_BEGINS + 7 * DAY] == uuid5(as_set.timetable_id, "2026-09-14/1")


def test_slots_that_change_places_do_so() -> None:
    machine = AnyTerm()
    first, second = AT_NINE, replace_starts("10:00")
    machine.set_up((first, second))
    longer = (AT_NINE.model_copy(update={"minutes": 90}), replace_starts("10:30"))
    machine.slots_change(longer, 1)
    later = [m for m in machine.made.values() if m.state == "coming" and m.day > SUPPORT_BEGINS]
    times = {(m.starts_at.hour, m.starts_at.minute) for m in later}
    assert times == {(8, 0), (9, 30)}


def test_a_day_that_a_country_leapt_over_has_no_time() -> None:
    assert at_school(date(2011, 12, 30), "09:00", "Pacific/Apia") is None
    assert at_school(date(2026, 10, 25), "01:30", LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert at_school(date(2026, 3, 29), "01:30", LONDON) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_what_should_have_begun_by_now_is_left_as_it_is() -> None:
    machine = AnyTerm()
    machine.set_up((replace_starts("10:00"),))
    machine.now = MONDAY_NINE + 90 * MINUTE
    (first, *_) = machine.made.values()
    machine.versions.append(Version((replace_starts("14:00"),), SUPPORT_BEGINS, None, LONDON))
    machine.closures = [Closure(on=SUPPORT_BEGINS, reason="weather")]
    machine.look()
    assert machine.made[first.session_id] == first
