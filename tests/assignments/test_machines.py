"""Mentors, transfers, concerns, plans of matches and schools, commanded in any order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

from hypothesis import strategies as st

from services.assignments.domain.concern import CloseConcern, RaiseConcern, concern
from services.assignments.domain.match_plan import ProposePlan, SetAside, match_plan
from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import (
    Apply,
    EngageMentor,
    GoOnLeave,
    LetMentorGo,
    Return,
    SetAvailability,
)
from services.assignments.domain.region_transfer import (
    AcceptTransfer,
    CancelTransfer,
    RecordConsent,
    RejectTransfer,
    RequestTransfer,
    region_transfer,
)
from services.assignments.domain.school import RecordSchool, school
from shared.contracts.assignments.concern import SafeguardingConcernClosed, SafeguardingConcernRaised
from shared.contracts.assignments.match_plan import (
    MatchPlanProposed,
    MatchSetAside,
    ProposedMatch,
    Unmatched,
)
from shared.contracts.assignments.mentor import (
    MentorApplied,
    MentorEngaged,
    MentorLeft,
    MentorReturned,
    MentorWentOnLeave,
)
from shared.contracts.assignments.region_transfer import (
    RegionTransferAccepted,
    RegionTransferCancelled,
    RegionTransferConsentRecorded,
    RegionTransferRejected,
)
from shared.contracts.assignments.school import SchoolDetails, SchoolDetailsChanged, SchoolRegistered
from shared.contracts.fact import Fact
from tests.support.examples import example
from tests.support.machines import at_most_once, ends_with, only_after, run_machine
from tests.support.people import CHILD, MENTOR, OTHER_CHILD, PLAN

ONE = st.just(UUID(int=1))
DAYS = st.dates(date(2026, 9, 1), date(2026, 9, 20))
AT = st.just(datetime(2026, 9, 3, 9, tzinfo=UTC))
TIMES = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def leaves_end_before_the_next_begins(facts: Sequence[Fact]) -> None:
    away = False
    for fact in facts:
        assert not (away and isinstance(fact, MentorWentOnLeave)), "on leave twice"
        assert away or not isinstance(fact, MentorReturned), "back from nowhere"
        away = isinstance(fact, MentorWentOnLeave) or (away and not isinstance(fact, MentorReturned))


def test_a_mentor_is_engaged_once_at_a_time_and_comes_back_from_leave_that_began() -> None:
    who = {"mentor_id": st.just(MENTOR), "name": st.just("Grace"), "email": st.just("g@example.org")}
    commands = st.one_of(
        st.builds(Apply, **who, on=DAYS),
        st.builds(EngageMentor, **who, on=DAYS),
        st.builds(GoOnLeave, leave_from=DAYS, expected_back_on=st.none(), kind=st.just("parental")),
        st.builds(Return, returned_on=DAYS),
        st.builds(LetMentorGo, left_on=DAYS),
        st.builds(SetAvailability, effective_from=DAYS),
    )
    run_machine(
        mentor,
        commands,
        leaves_end_before_the_next_begins,
        only_after(MentorLeft, MentorEngaged),
        only_after(MentorWentOnLeave, MentorEngaged),
        at_most_once(MentorApplied),
        reaches=4,
    )


def test_a_child_changes_its_region_once_and_only_with_consent() -> None:
    commands = st.one_of(
        st.builds(
            RequestTransfer,
            transfer_id=ONE,
            child_id=ONE,
            child_supported=st.booleans(),
            from_region=st.just("uk-london"),
            to_region=st.sampled_from(["uk-north", "uk-london"]),
            reason=st.just("family_moved"),
            at=AT,
        ),
        st.builds(RecordConsent, at=AT),
        st.builds(AcceptTransfer, effective_on=DAYS, at=AT),
        st.builds(RejectTransfer, at=AT),
        st.builds(CancelTransfer, at=AT),
    )
    ends = (RegionTransferAccepted, RegionTransferRejected, RegionTransferCancelled)
    run_machine(
        region_transfer,
        commands,
        only_after(RegionTransferAccepted, RegionTransferConsentRecorded),
        ends_with(*ends),
        reaches=5,
        examples=80,
    )


def test_a_concern_is_raised_once_and_closed_once() -> None:
    words = st.sampled_from(["bruises", "hungry"])
    commands = st.one_of(
        st.builds(RaiseConcern, concern_id=ONE, child_id=ONE, details=words, at=TIMES),
        st.builds(CloseConcern, summary=words, at=TIMES),
    )
    run_machine(
        concern,
        commands,
        at_most_once(SafeguardingConcernRaised),
        at_most_once(SafeguardingConcernClosed),
        only_after(SafeguardingConcernClosed, SafeguardingConcernRaised),
    )


def test_a_plan_is_proposed_once_and_only_what_it_proposes_is_set_aside() -> None:
    match = ProposedMatch(child_id=CHILD, mentor_id=MENTOR, points=(1,), better=0)
    left = Unmatched(child_id=OTHER_CHILD, reason="nobody")
    commands = st.one_of(
        st.builds(
            ProposePlan,
            plan_id=st.just(PLAN),
            planned_for=DAYS,
            least=st.just(40),
            local_authority=st.none(),
            matches=st.sampled_from([(match,), (match, match), ()]),
            unmatched=st.sampled_from([(left,), ()]),
            at=TIMES,
        ),
        st.builds(SetAside, child_id=st.sampled_from([CHILD, OTHER_CHILD]), at=TIMES),
    )

    def aside_is_of_the_plan(facts: Sequence[Fact]) -> None:
        proposed = {
            one.child_id for fact in facts if isinstance(fact, MatchPlanProposed) for one in fact.matches
        }
        assert {fact.child_id for fact in facts if isinstance(fact, MatchSetAside)} <= proposed

    run_machine(match_plan, commands, at_most_once(MatchPlanProposed), aside_is_of_the_plan)


def test_a_school_is_registered_once_and_a_change_is_a_change() -> None:
    details = SchoolDetails(**dict(example(SchoolRegistered)))
    names = st.sampled_from(["Fernhollow", "Fernhollow Primary"])
    commands = names.map(lambda name: RecordSchool(details.model_copy(update={"name": name})))

    def a_change_changes_something(facts: Sequence[Fact]) -> None:
        told = [dict(fact) for fact in facts]
        assert all(before != after for before, after in pairwise(told))

    run_machine(
        school,
        commands,
        at_most_once(SchoolRegistered),
        only_after(SchoolDetailsChanged, SchoolRegistered),
        a_change_changes_something,
    )
