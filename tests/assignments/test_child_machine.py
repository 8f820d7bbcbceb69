"""Whatever is commanded in whatever order: a child keeps to its way, is reviewed in time, and is one region's."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.assignments.domain.child import (
    AcceptChild,
    ActivateChild,
    CloseReferral,
    Command,
    ExitChild,
    HandOverChild,
    PauseChild,
    RecordReview,
    ReferChild,
    ReopenChild,
    ReportAbsence,
    ResumeChild,
    ReviewFallsDue,
    SpecifyProvision,
    Supported,
    UpdateProfile,
    child,
)
from services.assignments.domain.provision import Provision
from services.assignments.domain.region_transfer import (
    AcceptTransfer,
    CancelTransfer,
    RecordConsent,
    RejectTransfer,
    Requested,
    RequestTransfer,
    region_transfer,
)
from shared.contracts.assignments.child import (
    ChildAbsenceReported,
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildReferred,
    ChildReopened,
    ChildResumed,
    PlanReviewDue,
    ProvisionReviewed,
    ProvisionSpecified,
)
from shared.contracts.assignments.region_transfer import RegionTransferAccepted, RegionTransferConsentRecorded
from shared.contracts.fact import Fact
from shared.kernel.decider import Refused
from tests.assignments.story import another
from tests.support.people import ASSIGNMENT, CHILD, SCHOOL, TRANSFER

STEPS: dict[str, dict[type[Fact], str]] = {
    "unknown": {ChildReferred: "referred"},
    "referred": {ChildAccepted: "accepted", ChildExited: "gone"},
    "gone": {ChildReferred: "referred"},
    "accepted": {ChildActivated: "active", ChildExited: "exited"},
    "active": {ChildPaused: "paused", ChildExited: "exited"},
    "paused": {ChildResumed: "active", ChildExited: "exited"},
    "exited": {ChildReopened: "accepted"},
}
"""The lifecycle: what may happen to a child, and where it stands then."""

WAY = (ChildReferred, ChildAccepted, ChildActivated, ChildPaused, ChildResumed, ChildExited, ChildReopened)
REQUESTS = st.sampled_from([another("request 1"), another("request 2")])
DAYS = st.dates(date(2026, 6, 1), date(2027, 9, 1))
PROVISIONS = st.builds(
    Provision,
    st.sampled_from([600, 900, 0]),
    st.sampled_from([("social",), ("social", "academic"), ()]),
    DAYS,
    st.just(()),
    st.none() | DAYS,
)


class Children(RuleBasedStateMachine):
    """One child, its commands in any order, time going on."""

    def __init__(self) -> None:
        super().__init__()
        self.state: Any = child.initial
        self.stage, self.facts, self.today = "unknown", list[Fact](), date(2026, 6, 1)
        self.due: date | None = None

    def give(self, command: Command) -> None:
        try:
            facts = child.decide(self.state, command)
        except Refused:
            return
        for fact in facts:
            self.took(fact)
            self.state = child.evolve(self.state, fact)
        self.facts += facts
        assert tuple(child.decide(self.state, command)) == ()
        self.today += timedelta(days=3)

    def took(self, fact: Fact) -> None:
        if isinstance(fact, WAY):
            assert type(fact) in STEPS[self.stage], f"{type(fact).__name__} while {self.stage}"
            self.stage = STEPS[self.stage][type(fact)]
        elif isinstance(fact, ChildAbsenceReported) and self.stage == "exited":
            left = [one.exited_on for one in self.facts if isinstance(one, ChildExited)]
            assert fact.absent_from < left[-1], "a child who is to leave is here until then, and no longer"
        else:
            assert self.stage in ("accepted", "active", "paused"), f"{type(fact).__name__} while {self.stage}"
        match fact:
            case ProvisionSpecified() | ProvisionReviewed():
                self.due = fact.next_review_on
            case ChildExited() | ChildReopened():
                self.due = None
            case PlanReviewDue():
                assert fact.due_on == self.due
            case ChildAbsenceReported():
                assert fact.absent_from < fact.absent_until
            case _:
                pass

    @initialize(begun=st.sampled_from(["nothing", "accepted", "active"]))
    def begin_somewhere(self, begun: str) -> None:
        """Most stories begin with a child who is here: few would come so far by chance."""
        if begun != "nothing":
            self.accept(another("request 1"), Provision(600, ("social",), date(2026, 9, 7)))
        if begun == "active":
            self.activate(date(2026, 9, 7))

    @rule(request=REQUESTS)
    def refer(self, request: Any) -> None:
        self.give(ReferChild(CHILD, request, SCHOOL, "Ada", self.today))

    @rule(request=REQUESTS, provision=PROVISIONS)
    def accept(self, request: Any, provision: Provision) -> None:
        born = date(2018, 3, 14)
        self.give(AcceptChild(CHILD, request, SCHOOL, "Ada", born, provision, self.today, self.today))

    @rule(request=REQUESTS)
    def close_referral(self, request: Any) -> None:
        self.give(CloseReferral(request, self.today))

    @rule(provision=PROVISIONS)
    def specify(self, provision: Provision) -> None:
        self.give(SpecifyProvision(provision))

    @rule(on=DAYS, decision=st.sampled_from(["continue", "change", "end"]), again=st.none() | DAYS)
    def review(self, on: date, decision: Any, again: date | None) -> None:
        self.give(RecordReview(on, decision, "It helps.", again, self.today))

    @rule(chosen=st.booleans(), day=DAYS)
    def review_falls_due(self, chosen: bool, day: date) -> None:
        self.give(ReviewFallsDue(self.due if chosen and self.due else day))

    @rule(on=DAYS)
    def activate(self, on: date) -> None:
        self.give(ActivateChild(ASSIGNMENT, on))

    @rule(on=DAYS)
    def pause(self, on: date) -> None:
        self.give(PauseChild("illness", on))

    @rule(on=DAYS)
    def resume(self, on: date) -> None:
        self.give(ResumeChild(on))

    @rule(reason=st.sampled_from(["moved_away", "not_taken_on"]), on=DAYS)
    def leave(self, reason: Any, on: date) -> None:
        self.give(ExitChild(reason, on))

    @rule(on=DAYS)
    def reopen(self, on: date) -> None:
        self.give(ReopenChild(on))

    @rule(languages=st.sampled_from([("en",), ("en", "en"), ()]))
    def profile(self, languages: Any) -> None:
        self.give(UpdateProfile(("autism",), None, languages, self.today))

    @rule(first=DAYS, days=st.integers(-2, 400))
    def absent(self, first: date, days: int) -> None:
        at = datetime.combine(self.today, time(7), UTC)
        self.give(ReportAbsence(first, first + timedelta(days=days), "illness", at))

    @invariant()
    def a_supported_child_has_a_provision(self) -> None:
        if isinstance(self.state, Supported):
            assert self.state.stage == self.stage
            assert self.state.provisions
            assert self.state.review_on == self.due


class Transfers(RuleBasedStateMachine):
    """Two transfers of one child, and the child itself: rule 13."""

    def __init__(self) -> None:
        super().__init__()
        self.transfers: dict[Any, Any] = {
            TRANSFER: region_transfer.initial,
            another("second transfer"): region_transfer.initial,
        }
        self.facts: dict[Any, list[Fact]] = {one: [] for one in self.transfers}
        self.child_here, self.region = True, "uk-london"
        self.at = datetime(2027, 2, 1, 9, tzinfo=UTC)

    def give(self, one: Any, command: Any) -> None:
        try:
            facts = region_transfer.decide(self.transfers[one], command)
        except Refused:
            return
        after = region_transfer.fold(facts, self.transfers[one])
        others = [region_transfer.claims(state) for key, state in self.transfers.items() if key != one]
        taken = {claim.key for claims in others for claim in claims}
        if taken & {claim.key for claim in region_transfer.claims(after)}:
            return  # as the store refuses it
        self.transfers[one] = after
        self.facts[one] += facts
        for fact in facts:
            if isinstance(fact, RegionTransferAccepted):
                before = self.facts[one][: self.facts[one].index(fact)]
                assert any(isinstance(told, RegionTransferConsentRecorded) for told in before)
                self.region, self.child_here = fact.to_region, False
        assert tuple(region_transfer.decide(self.transfers[one], command)) == ()
        self.at += timedelta(hours=7)

    CHOICES = st.sampled_from([TRANSFER, another("second transfer")])

    @rule(one=CHOICES, to=st.sampled_from(["uk-north", "uk-london"]))
    def request(self, one: Any, to: str) -> None:
        self.give(one, RequestTransfer(one, CHILD, self.child_here, "uk-london", to, "family_moved", self.at))

    @rule(one=CHOICES, by=st.sampled_from(["parent", "local_authority"]))
    def consent(self, one: Any, by: Any) -> None:
        self.give(one, RecordConsent(by, self.at))

    @rule(one=CHOICES, days=st.integers(-1, 20))
    def accept(self, one: Any, days: int) -> None:
        self.give(one, AcceptTransfer(self.at.date() + timedelta(days=days), self.at))

    @rule(one=CHOICES)
    def reject(self, one: Any) -> None:
        self.give(one, RejectTransfer("no_capacity", self.at))

    @rule(one=CHOICES)
    def cancel(self, one: Any) -> None:
        self.give(one, CancelTransfer("move_called_off", self.at))

    @invariant()
    def the_owning_region_changes_on_acceptance_alone(self) -> None:
        accepted = [fact for facts in self.facts.values() for fact in facts]
        moved = [fact for fact in accepted if isinstance(fact, RegionTransferAccepted)]
        assert self.region == (moved[-1].to_region if moved else "uk-london")
        assert len(moved) <= 1

    @invariant()
    def one_is_open_at_most(self) -> None:
        assert sum(isinstance(state, Requested) for state in self.transfers.values()) <= 1


def test_handing_over_is_the_end_of_the_child_here() -> None:
    """As the policy does it: nothing brings the child back but a transfer."""
    state = child.fold(
        child.decide(
            child.initial,
            AcceptChild(
                CHILD,
                another("request 1"),
                SCHOOL,
                "Ada",
                date(2018, 3, 14),
                Provision(600, ("social",), date(2026, 9, 7)),
                date(2026, 6, 1),
                date(2026, 6, 8),
            ),
        )
    )
    gone = child.fold(child.decide(state, HandOverChild(date(2026, 10, 1))), state)
    assert not isinstance(gone, Supported)


for machine in (Children, Transfers):
    machine.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
test_a_child_keeps_to_its_way = Children.TestCase
test_a_child_is_one_regions = Transfers.TestCase
