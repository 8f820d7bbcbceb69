"""An enrolment begins, falls overdue, is waived or withdrawn."""

from dataclasses import replace
from datetime import date, timedelta

from services.training.domain.enrolment import enrolment
from services.training.domain.enrolment_commands import (
    Complete,
    MarkOverdue,
    RecordCompletion,
    Start,
    Waive,
    Withdraw,
)
from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingOverdue,
    TrainingStarted,
    TrainingWaived,
    TrainingWithdrawn,
)
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
