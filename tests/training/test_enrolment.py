"""One mentor on one course."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given as every
from hypothesis import strategies as st

from services.training.domain.enrolment import enrolment
from services.training.domain.enrolment_commands import Assign, Command, Complete, Fail
from shared.contracts.fact import Fact
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted, TrainingFailed
from shared.kernel.decider import Refused
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import COURSE, ENROLMENT, MENTOR

assigned, completed, failed = example(TrainingAssigned), example(TrainingCompleted), example(TrainingFailed)
ON = date(2026, 5, 21)
ASSIGN = Assign(ENROLMENT, MENTOR, COURSE, "slt", assigned.due_on, assigned.assigned_on)
COMPLETE = Complete(completed.completed_on, completed.evidence, ON)
FAIL = Fail(failed.failed_on, ON)


def test_a_course_is_assigned_and_completed_with_evidence() -> None:
    given(enrolment).when(ASSIGN).then(assigned)
    given(enrolment, assigned).when(COMPLETE).then(completed)


def test_a_retired_course_is_assigned_to_nobody() -> None:
    given(enrolment).when(replace(ASSIGN, retired_on=ASSIGN.on)).refused("course_retired", "newest version")
    given(enrolment).when(replace(ASSIGN, retired_on=ASSIGN.on + timedelta(days=1))).then(assigned)


def test_nobody_has_to_be_done_yesterday() -> None:
    given(enrolment).when(replace(ASSIGN, due_on=ASSIGN.on - timedelta(days=1))).refused("invalid_due_on")


def test_a_completion_needs_evidence_and_a_day_that_has_come() -> None:
    given(enrolment, assigned).when(replace(COMPLETE, evidence=" ")).refused("invalid_evidence")
    tomorrow = replace(COMPLETE, completed_on=ON + timedelta(days=1))
    given(enrolment, assigned).when(tomorrow).refused("invalid_completed_on", "not come yet")
    given(enrolment, assigned).when(Fail(ON + timedelta(days=1), ON)).refused("invalid_failed_on")


def test_who_failed_is_assigned_again() -> None:
    given(enrolment, assigned).when(FAIL).then(failed)
    given(enrolment, assigned, failed).when(COMPLETE).refused("already_failed", "again")


def test_a_completion_is_not_undone_by_a_failure() -> None:
    given(enrolment, assigned, completed).when(FAIL).refused("already_completed", "revoke")
    other = replace(COMPLETE, evidence="another sheet")
    given(enrolment, assigned, completed).when(other).refused("already_completed")


def test_nothing_is_completed_that_was_not_assigned() -> None:
    given(enrolment).when(COMPLETE).refused("enrolment_unknown")


def test_a_mentor_is_on_a_course_once_at_a_time() -> None:
    (claim,) = given(enrolment).when(ASSIGN).claims
    assert claim.key == f"enrolment:{MENTOR}:{COURSE}"
    assert given(enrolment, assigned).when(COMPLETE).claims == frozenset()
    assert given(enrolment, assigned).when(FAIL).claims == frozenset()


@every(st.lists(st.sampled_from([ASSIGN, COMPLETE, replace(COMPLETE, evidence="another"), FAIL]), max_size=8))
def test_an_enrolment_is_assigned_once_and_ends_once(commands: list[Command]) -> None:
    facts: list[Fact] = []
    for command in commands:
        try:
            decided = enrolment.decide(enrolment.fold(facts), command)
        except Refused:
            continue
        facts += decided
        assert not enrolment.decide(enrolment.fold(facts), command), "deciding again yields nothing"
    kinds = [type(fact) for fact in facts]
    assert kinds.count(TrainingAssigned) <= 1
    assert kinds.count(TrainingCompleted) + kinds.count(TrainingFailed) <= 1
    assert not kinds or kinds[0] is TrainingAssigned
