"""A child's plan changes and is reviewed; what a mentor has to bring and days of absence are said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.assignments.domain.child import (
    Command,
    RecordReview,
    ReportAbsence,
    ReviewFallsDue,
    SpecifyProvision,
    Supported,
    UpdateProfile,
    child,
    in_force,
)
from services.assignments.domain.provision import Provision
from shared.contracts.assignments.child import (
    ChildAbsenceReported,
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildProfileUpdated,
    ChildReferred,
    PlanReviewDue,
    ProvisionReviewed,
    ProvisionSpecified,
)
from shared.contracts.fact import Fact
from shared.contracts.words.privacy import opened
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import CHILD, REQUEST, SCHOOL, SUPPORT_BEGINS

specified = example(ProvisionSpecified)
reviewed = example(ProvisionReviewed)
due = example(PlanReviewDue)
profile = example(ChildProfileUpdated)
absence = example(ChildAbsenceReported)
exited = example(ChildExited)
here: tuple[Fact, ...] = (example(ChildReferred), example(ChildAccepted), specified, example(ChildActivated))

provision = Provision(900, specified.areas, SUPPORT_BEGINS, opened(specified.outcomes))
specify = SpecifyProvision(provision)
review = RecordReview(
    reviewed.reviewed_on, reviewed.decision, reviewed.summary, reviewed.next_review_on, reviewed.reviewed_on
)
update = UpdateProfile(
    opened(profile.needs), opened(profile.curriculum_level), opened(profile.languages), profile.updated_on
)
report = ReportAbsence(absence.absent_from, absence.absent_until, absence.reason, absence.reported_at)


def test_a_provision_changes_from_a_day_on() -> None:
    given(child, *here).when(specify).then_nothing()
    more = Provision(1200, ("academic",), date(2027, 1, 4))
    fact = ProvisionSpecified(
        child_id=CHILD,
        minutes_per_week=1200,
        areas=("academic",),
        effective_from=date(2027, 1, 4),
        next_review_on=date(2027, 3, 29),
    )
    given(child, *here).when(SpecifyProvision(more)).then(fact)
    given(child, *here, fact).when(SpecifyProvision(more)).then_nothing()
    sooner = replace(more, next_review_on=date(2027, 2, 1))
    given(child, *here, fact).when(SpecifyProvision(sooner)).then(
        fact.model_copy(update={"next_review_on": date(2027, 2, 1)})
    )
    never = replace(more, next_review_on=more.effective_from)
    given(child, *here).when(SpecifyProvision(never)).refused("invalid_provision", "first review")
    slip = replace(more, effective_from=date(9999, 12, 31))
    given(child, *here).when(SpecifyProvision(slip)).refused("invalid_provision", "year")


def test_the_provision_in_force_is_the_latest_to_begin() -> None:
    january = replace(provision, effective_from=date(2027, 1, 4), minutes_per_week=600)
    corrected = replace(january, minutes_per_week=660)
    state = Supported(CHILD, REQUEST, SCHOOL, date(2026, 6, 8), provisions=(january, provision, corrected))
    assert in_force(state, date(2026, 9, 6)) is None
    assert in_force(state, date(2027, 1, 3)) == provision
    assert in_force(state, date(2027, 1, 4)) == corrected


def test_a_review_falls_due_once_and_only_while_nobody_held_it() -> None:
    falls_due = ReviewFallsDue(due.due_on)
    given(child, *here).when(falls_due).then(due)
    given(child, *here, due).when(falls_due).then_nothing()
    given(child, *here, reviewed).when(falls_due).then_nothing()
    given(child, *here, exited).when(falls_due).then_nothing()
    given(child).when(falls_due).then_nothing()


def test_a_review_says_when_the_next_one_is() -> None:
    given(child, *here).when(review).then(reviewed)
    given(child, *here, reviewed).when(review).then_nothing()
    given(child, *here).when(replace(review, next_review_on=None)).then(reviewed)  # twelve weeks on
    same_day = replace(review, next_review_on=review.reviewed_on)
    given(child, *here).when(same_day).refused("invalid_next_review_on")
    ahead = replace(review, today=review.reviewed_on - timedelta(days=1))
    given(child, *here).when(ahead).refused("invalid_reviewed_on")


def test_nothing_is_reviewed_after_the_end_is_decided() -> None:
    end = replace(review, decision="end", next_review_on=None)
    fact = reviewed.model_copy(update={"decision": "end", "next_review_on": None})
    given(child, *here).when(end).then(fact)
    given(child, *here).when(replace(end, next_review_on=date(2027, 3, 1))).refused("invalid_next_review_on")
    given(child, *here, fact).when(ReviewFallsDue(due.due_on)).then_nothing()


def test_a_profile_is_replaced_when_it_says_something_new() -> None:
    given(child, *here).when(update).then(profile)
    given(child, *here, profile).when(replace(update, on=date(2027, 1, 1))).then_nothing()
    other = replace(update, languages=("en", "bfi"))
    given(child, *here, profile).when(other).then(profile.model_copy(update={"languages": ("en", "bfi")}))
    given(child, *here).when(replace(update, needs=("autism", "autism"))).refused("invalid_profile")


def test_an_absence_is_reported_once_and_corrected_by_another() -> None:
    given(child, *here).when(report).then(absence)
    given(child, *here, absence).when(report).then_nothing()
    longer = replace(report, absent_until=date(2026, 10, 10))
    fact = absence.model_copy(update={"absent_until": date(2026, 10, 10)})
    given(child, *here, absence).when(longer).then(fact)
    given(child, *here, absence, fact).when(report).then(absence)


def test_a_child_who_is_to_leave_can_be_absent_until_then() -> None:
    leaves = example(ChildExited).model_copy(update={"exited_on": absence.absent_until})
    given(child, *here, leaves).when(report).then(absence)
    given(child, *here, leaves, absence).when(report).then_nothing()
    left = leaves.model_copy(update={"exited_on": absence.absent_from})
    given(child, *here, left).when(report).refused("child_exited")
    backwards = replace(report, absent_until=report.absent_from)
    given(child, *here).when(backwards).refused("invalid_absence")
    endless = replace(report, absent_until=date(2028, 1, 1))
    given(child, *here).when(endless).refused("invalid_absence")


@pytest.mark.parametrize("command", [specify, review, update, report])
def test_only_a_child_whom_the_agency_supports_has_a_plan(command: Command) -> None:
    given(child).when(command).refused("child_not_accepted")
    given(child, example(ChildReferred)).when(command).refused("child_not_accepted")
    left = exited.model_copy(update={"exited_on": absence.absent_from})
    given(child, *here, left).when(command).refused("child_exited")
