"""Whatever is recorded of a mentor, in whatever order: the gate and what is said of it agree."""

from datetime import timedelta
from itertools import pairwise
from uuid import NAMESPACE_URL, UUID, uuid5

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.training.domain.certifications import (
    ExpireCertification,
    GrantCertification,
    RevokeCertification,
)
from services.training.domain.clearances import LapseClearance, RecordClearance, WithdrawClearance
from services.training.domain.compliance import Command, Review, compliance
from services.training.domain.ladder import OpenWindow, TellExpiring, TellOverdue
from services.training.domain.standing import evidence, status
from services.training.domain.suspensions import LiftSuspension, Suspend
from services.training.domain.temporary import GrantTemporarily
from shared.contracts.eligibility import shortfalls
from shared.contracts.fact import Fact
from shared.contracts.training.certification import CertificationExpiring, CertificationGranted
from shared.contracts.training.standing import MentorCleared, MentorStoodDown, MentorVetted
from shared.contracts.words.training import ClearanceKind, Track
from shared.kernel.decider import Refused
from tests.support.people import MENTOR
from tests.training.evidence import FROM, everything

IDS = [uuid5(NAMESPACE_URL, f"certification:{name}") for name in ("slt", "ot", "a", "b", "c", "d")]
tracks = st.sampled_from(["slt", "ot"])
kinds = st.sampled_from(["identity", "dbs_enhanced"])
ids = st.sampled_from(IDS)


class Mentors(RuleBasedStateMachine):
    """One mentor's file, kept by everybody who may."""

    def __init__(self) -> None:
        super().__init__()
        self.on, self.facts, self.judged = FROM, list[Fact](), True

    def ask(self, command: Command) -> None:
        state = compliance.fold(self.facts)
        try:
            decided = compliance.decide(state, command)
        except Refused:
            return
        self.facts += decided
        after = compliance.fold(self.facts)
        assert after == compliance.fold(decided, state)
        assert not compliance.decide(after, command), "deciding again yields nothing"
        self.judged = bool(decided) and not isinstance(command, OpenWindow | TellExpiring | TellOverdue)

    @initialize(complete=st.booleans())
    def begin(self, complete: bool) -> None:
        self.facts = list(everything() if complete else everything("ot", "identity"))
        self.ask(Review(self.on))

    @rule(days=st.integers(1, 120))
    def time_passes(self, days: int) -> None:
        self.on += timedelta(days=days)
        for key in IDS:
            self.ask(ExpireCertification(key, self.on))
        for kind in ("identity", "dbs_enhanced"):
            self.ask(LapseClearance(kind, self.on))
        self.ask(Review(self.on))
        self.judged = True

    @rule(key=ids, track=tracks, back=st.integers(0, 400), months=st.sampled_from([1, 12]))
    def complete(self, key: UUID, track: Track, back: int, months: int) -> None:
        completed_on = self.on - timedelta(days=back)
        self.ask(GrantCertification(key, MENTOR, track, key, completed_on, months, self.on))

    @rule(key=ids, track=tracks, days=st.integers(-2, 100))
    def bridge(self, key: UUID, track: Track, days: int) -> None:
        until = self.on + timedelta(days=days)
        self.ask(GrantTemporarily(key, MENTOR, track, until, "called off", self.on))

    @rule(key=ids)
    def revoke(self, key: UUID) -> None:
        self.ask(RevokeCertification(key, "another's", self.on))

    @rule(kind=kinds, back=st.integers(0, 60), ahead=st.none() | st.integers(0, 200))
    def see(self, kind: ClearanceKind, back: int, ahead: int | None) -> None:
        due = None if ahead is None else self.on + timedelta(days=ahead)
        self.ask(RecordClearance(MENTOR, kind, self.on - timedelta(days=back), None, due, "1", self.on))

    @rule(kind=kinds, back=st.integers(0, 60))
    def withdraw(self, kind: ClearanceKind, back: int) -> None:
        self.ask(WithdrawClearance(kind, self.on - timedelta(days=back), "another's", self.on))

    @rule()
    def suspend(self) -> None:
        self.ask(Suspend(MENTOR, "conduct", self.on))

    @rule()
    def lift(self) -> None:
        self.ask(LiftSuspension(self.on))

    @rule(key=ids, left=st.sampled_from([90, 60, 30, 7, 0]))
    def tell(self, key: UUID, left: int) -> None:
        self.ask(OpenWindow(key, self.on))
        self.ask(TellExpiring(key, left, self.on))  # type: ignore[arg-type]
        self.ask(TellOverdue(key, self.on))

    @invariant()
    def deployable_exactly_when_nothing_falls_short(self) -> None:
        state = compliance.fold(self.facts)
        if self.judged:
            assert state.deployable == (not shortfalls(evidence(state), self.on))

    @invariant()
    def nobody_who_is_suspended_is_deployable(self) -> None:
        state = compliance.fold(self.facts)
        if None in state.suspensions.values():
            assert not state.deployable
            assert status(evidence(state), self.on, ever_cleared=True) == "suspended"

    @invariant()
    def cleared_and_stood_down_take_turns(self) -> None:
        changes = [type(fact) for fact in self.facts if isinstance(fact, MentorCleared | MentorStoodDown)]
        assert changes == [MentorCleared, MentorStoodDown] * (len(changes) // 2) + [MentorCleared] * (
            len(changes) % 2
        )

    @invariant()
    def vetted_once_before_being_cleared(self) -> None:
        found = [fact for fact in self.facts if isinstance(fact, MentorVetted | MentorCleared)]
        assert not any(isinstance(fact, MentorVetted) for fact in found[1:])

    @invariant()
    def a_temporary_certification_is_short_and_follows_no_other(self) -> None:
        state = compliance.fold(self.facts)
        for track in ("slt", "ot"):
            kinds = [
                one.kind
                for one in state.granted.values()
                if one.track == track and one.certification_id not in state.revoked
            ]
            assert all((a, b) != ("temporary", "temporary") for a, b in pairwise(kinds))
        for one in state.granted.values():
            if one.kind == "temporary":
                assert one.valid_until
                assert one.valid_until - one.valid_from < timedelta(days=90)

    @invariant()
    def no_day_is_counted_twice_by_renewing(self) -> None:
        state = compliance.fold(self.facts)
        for one in state.granted.values():
            if one.renews is not None:
                before = state.granted[one.renews]
                assert before.valid_until
                assert one.valid_from == before.valid_until + timedelta(days=1)

    @invariant()
    def a_rung_is_told_once_and_never_too_early(self) -> None:
        told = [fact for fact in self.facts if isinstance(fact, CertificationExpiring)]
        assert len(told) == len({(fact.certification_id, fact.days_left) for fact in told})
        for fact in told:
            assert self.on >= fact.valid_until - timedelta(days=fact.days_left)

    @invariant()
    def no_period_is_granted_twice(self) -> None:
        granted = [fact.certification_id for fact in self.facts if isinstance(fact, CertificationGranted)]
        assert len(granted) == len(set(granted))


Mentors.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestNoSequenceBreaksTheFile = Mentors.TestCase
