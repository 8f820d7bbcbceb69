"""An enrolment begins, falls overdue, is waived or withdrawn; and is over once, whatever is asked."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.training.domain.enrolment import Open, Over, enrolment
from services.training.domain.enrolment_commands import (
    Assign,
    Command,
    Complete,
    Fail,
    MarkOverdue,
    RecordCompletion,
    Start,
    Waive,
    Withdraw,
)
from shared.contracts.fact import Fact
from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingFailed,
    TrainingOverdue,
    TrainingStarted,
    TrainingWaived,
    TrainingWithdrawn,
)
from shared.contracts.words.training import Track
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import COURSE, ENROLMENT, MENTOR

DAY = timedelta(days=1)
assigned, started, completed = (
    example(TrainingAssigned),
    example(TrainingStarted),
    example(TrainingCompleted),
)
overdue, waived, withdrawn = example(TrainingOverdue), example(TrainingWaived), example(TrainingWithdrawn)
ON = waived.waived_on
WAIVE = Waive(
    "equivalent_qualification",
    waived.evidence,
    "certification",
    waived.valid_until,
    24,
    "compliance:colm",
    ON,
)


def test_a_mentor_begins_and_completes() -> None:
    given(enrolment, assigned).when(Start(started.started_on, started.started_on)).then(started)
    given(enrolment, assigned, started).when(Start(ON, ON)).then_nothing()
    done = Complete(completed.completed_on, completed.evidence, completed.completed_on)
    given(enrolment, assigned, started).when(done).then(completed)
    given(enrolment, assigned).when(Start(ON + DAY, ON)).refused("invalid_started_on")


def test_an_enrolment_is_overdue_from_the_day_after_its_last_and_once() -> None:
    given(enrolment, assigned).when(MarkOverdue(assigned.due_on)).then_nothing()
    late = MarkOverdue(assigned.due_on + DAY)
    given(enrolment, assigned).when(late).then(overdue)
    given(enrolment, assigned, started).when(late, late).then_nothing()
    given(enrolment, assigned, completed).when(late).then_nothing()


def test_what_is_overdue_may_still_be_completed() -> None:
    on = assigned.due_on + 9 * DAY
    facts = given(enrolment, assigned, overdue).when(Complete(on, "sheet 9", on)).facts
    assert [type(fact) for fact in facts] == [TrainingCompleted]


def test_a_waiver_counts_no_longer_than_the_course_would() -> None:
    given(enrolment, assigned).when(WAIVE).then(waived)
    given(enrolment, assigned, waived).when(WAIVE).then_nothing()
    last = date(2028, 5, 5)
    assert given(enrolment, assigned).when(replace(WAIVE, valid_until=last)).refusal is None
    given(enrolment, assigned).when(replace(WAIVE, valid_until=last + DAY)).refused("invalid_valid_until")
    given(enrolment, assigned).when(replace(WAIVE, valid_until=None)).refused(
        "invalid_valid_until", str(last)
    )
    given(enrolment, assigned).when(replace(WAIVE, valid_until=ON - DAY)).refused("invalid_valid_until")


def test_nobody_is_spared_the_safeguarding_update() -> None:
    of_safeguarding = assigned.model_copy(update={"track": "safeguarding"})
    given(enrolment, of_safeguarding).when(WAIVE).refused("invalid_counts_for", "safeguarding")
    only = replace(WAIVE, counts_for="enrolment", valid_until=None)
    assert given(enrolment, of_safeguarding).when(only).refusal is None


def test_what_a_role_does_not_need_certifies_nothing() -> None:
    needless = replace(WAIVE, reason="not_needed_for_role")
    given(enrolment, assigned).when(needless).refused("invalid_counts_for")
    for_good = replace(needless, counts_for="enrolment")
    given(enrolment, assigned).when(for_good).refused("invalid_valid_until")
    given(enrolment, assigned).when(replace(WAIVE, evidence=" ")).refused("invalid_evidence")


def test_who_is_withdrawn_may_be_assigned_again() -> None:
    take_off = Withdraw("assigned_in_error", withdrawn.withdrawn_on)
    answer = given(enrolment, assigned).when(take_off).then(withdrawn)
    assert answer.claims == frozenset()
    given(enrolment, assigned, withdrawn).when(take_off).then_nothing()
    done = Complete(ON, "sheet", ON)
    given(enrolment, assigned, withdrawn).when(done).refused("already_withdrawn", "again")
    given(enrolment, assigned, completed).when(take_off).refused("already_completed")
    given(enrolment, assigned, waived).when(done).refused("already_waived")


def test_what_nobody_assigned_is_recorded_with_its_completion() -> None:
    record = RecordCompletion(
        ENROLMENT, MENTOR, COURSE, "slt", completed.completed_on, completed.evidence, ON + 60 * DAY
    )
    answer = given(enrolment).when(record)
    assert [type(fact) for fact in answer.facts] == [TrainingAssigned, TrainingCompleted]
    assert answer.claims == frozenset()
    given(enrolment).when(record, record).then_nothing()
    early = replace(record, on=completed.completed_on - DAY)
    given(enrolment).when(early).refused("invalid_completed_on")


class Enrolments(RuleBasedStateMachine):
    """One mentor, one course, and everybody asking at once."""

    def __init__(self) -> None:
        super().__init__()
        self.on, self.facts = date(2026, 5, 4), list[Fact]()

    def ask(self, command: Command) -> None:
        state = enrolment.fold(self.facts)
        try:
            decided = enrolment.decide(state, command)
        except Refused:
            return
        self.facts += decided
        assert not enrolment.decide(enrolment.fold(self.facts), command), "deciding again yields nothing"

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        self.on += timedelta(days=days)
        self.ask(MarkOverdue(self.on))

    @rule(track=st.sampled_from(["slt", "safeguarding"]), within=st.integers(0, 60))
    def assign(self, track: Track, within: int) -> None:
        due_on = self.on + timedelta(days=within)
        self.ask(Assign(ENROLMENT, MENTOR, COURSE, track, due_on, self.on))

    @rule()
    def start(self) -> None:
        self.ask(Start(self.on, self.on))

    @rule(ahead=st.integers(-3, 3), sheet=st.sampled_from(["1", "2", " "]))
    def complete(self, ahead: int, sheet: str) -> None:
        self.ask(Complete(self.on + timedelta(days=ahead), sheet, self.on))

    @rule(ahead=st.integers(-3, 3))
    def fail(self, ahead: int) -> None:
        self.ask(Fail(self.on + timedelta(days=ahead), self.on))

    @rule(certifies=st.booleans(), days=st.integers(0, 900))
    def waive(self, certifies: bool, days: int) -> None:
        until = self.on + timedelta(days=days) if certifies else None
        counts_for = "certification" if certifies else "enrolment"
        self.ask(Waive("trained_elsewhere", "diploma", counts_for, until, 24, "compliance:colm", self.on))  # type: ignore[arg-type]

    @rule()
    def withdraw(self) -> None:
        self.ask(Withdraw("other", self.on))

    @invariant()
    def it_is_assigned_first_and_over_once(self) -> None:
        kinds = [type(fact) for fact in self.facts]
        ends = {TrainingCompleted, TrainingFailed, TrainingWaived, TrainingWithdrawn}
        assert kinds.count(TrainingAssigned) <= 1
        assert kinds.count(TrainingStarted) <= 1
        assert kinds.count(TrainingOverdue) <= 1
        assert sum(kind in ends for kind in kinds) <= 1
        assert not kinds or kinds[0] is TrainingAssigned
        assert not any(kind in ends for kind in kinds[:-1]), "nothing follows the end"

    @invariant()
    def a_mentor_is_on_the_course_while_it_is_open(self) -> None:
        state = enrolment.fold(self.facts)
        assert bool(enrolment.claims(state)) == isinstance(state, Open)

    @invariant()
    def no_waiver_certifies_safeguarding_or_too_long(self) -> None:
        for fact in self.facts:
            if isinstance(fact, TrainingWaived) and fact.counts_for == "certification":
                assert fact.track != "safeguarding"
                assert fact.valid_until
                assert fact.valid_until < fact.waived_on + timedelta(days=732)

    @invariant()
    def only_what_came_to_pass_is_recorded(self) -> None:
        state = enrolment.fold(self.facts)
        if isinstance(state, Over) and isinstance(state.ended, TrainingCompleted):
            assert state.ended.completed_on <= self.on
            assert state.ended.evidence.strip()


Enrolments.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestNoSequenceBreaksAnEnrolment = Enrolments.TestCase
