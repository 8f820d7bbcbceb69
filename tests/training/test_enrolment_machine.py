"""Whatever is asked of an enrolment, in whatever order: it is assigned first and over once."""

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
from tests.support.people import COURSE, ENROLMENT, MENTOR


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
