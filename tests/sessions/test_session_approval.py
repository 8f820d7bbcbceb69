"""What the office makes of a log: returned, approved, locked, amended, voided; and the payroll cut-off."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.sessions.domain.session import session
from shared.contracts.sessions.ladder import SessionMissed
from shared.contracts.sessions.session import SessionCancelled
from shared.contracts.sessions.session_log import OutcomeRated, RoleBoundaryBreached, SessionLogged
from tests.sessions.commands import (
    AMEND,
    APPROVE,
    CANCEL,
    ENDS,
    LOCK,
    LOG,
    RETURN,
    START,
    VOID,
    amended,
    approved,
    locked,
    logged,
    returned,
    scheduled,
    started,
    voided,
)
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import MENTOR, OUTCOME

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SUBMITTED = (scheduled, started, logged)
FINAL = (*SUBMITTED, approved, locked)
CUT_OFF = ENDS + 100 * HOUR


def test_a_log_is_approved_and_then_final() -> None:
    given(session, *SUBMITTED).when(APPROVE).then(approved)
    given(session, *SUBMITTED, approved).when(LOCK).then(locked)
    given(session, *SUBMITTED, approved).when(APPROVE).then_nothing()
    given(session, *FINAL).when(LOCK).then_nothing()
    given(session, *FINAL).when(APPROVE).then_nothing()
    given(session, *SUBMITTED).when(LOCK).refused("session_not_approved")
    given(session, scheduled, started).when(APPROVE).refused("session_not_logged")
    given(session, scheduled, started).when(LOCK).refused("session_not_logged")


def test_nobody_approves_their_own_log() -> None:
    for who in (LOG.by, f"coordinator:{MENTOR}"):
        given(session, *SUBMITTED).when(replace(APPROVE, by=who)).refused("own_log")
    by_ruth = logged.model_copy(update={"logged_by": APPROVE.by})
    given(session, scheduled, started, by_ruth).when(APPROVE).refused("own_log", "another coordinator")


def test_a_returned_log_is_handed_in_again_and_stays_readable() -> None:
    given(session, *SUBMITTED).when(RETURN).then(returned)
    given(session, *SUBMITTED, approved).when(RETURN).then(returned)
    given(session, *SUBMITTED, returned).when(RETURN).then_nothing()
    given(session, *SUBMITTED, returned).when(APPROVE).refused("session_not_logged")
    again = replace(LOG, at=RETURN.at + HOUR)
    second = logged.model_copy(update={"submission": 2, "logged_at": again.at})
    given(session, *SUBMITTED, returned).when(again).then(second)
    given(session, *SUBMITTED, returned, second).when(APPROVE).then(approved)
    given(session, *FINAL).when(RETURN).refused("session_locked", "amends")


def test_a_log_that_was_returned_is_late_48_hours_after_its_return() -> None:
    for after, late in ((48 * HOUR, False), (48 * HOUR + MINUTE, True)):
        again = replace(LOG, at=RETURN.at + after)
        (fact,) = given(session, *SUBMITTED, returned).when(again).facts
        assert isinstance(fact, SessionLogged)
        assert fact.late == late
    much_later = replace(LOG, at=RETURN.at + 72 * HOUR + MINUTE)
    given(session, *SUBMITTED, returned).when(much_later).refused("late_reason_required")


def test_no_log_is_taken_in_from_the_payroll_cut_off_on() -> None:
    explained = replace(LOG, late_reason="was ill", cut_off_at=CUT_OFF)
    assert given(session, scheduled, started).when(replace(explained, at=CUT_OFF - MINUTE)).refusal is None
    given(session, scheduled, started).when(replace(explained, at=CUT_OFF)).refused(
        "after_cut_off", "amendment"
    )


def test_what_was_not_logged_before_the_cut_off_is_put_on_record_by_an_amendment() -> None:
    instead = replace(AMEND, reason_code="log_missing", cut_off_at=CUT_OFF, at=CUT_OFF, notes="Went well.")
    first = amended.model_copy(
        update={
            "reason_code": "log_missing",
            "activities_before": (),
            "contact_minutes_before": 0,
            "ratio_before": None,
            "notes": "Went well.",
            "amended_at": CUT_OFF,
        }
    )
    given(session, scheduled, started).when(instead).then(first)
    given(session, scheduled, started, first).when(instead).then_nothing()
    early = replace(instead, at=CUT_OFF - MINUTE)
    given(session, scheduled, started).when(early).refused("session_not_locked", "hand it in")
    given(session, scheduled, started).when(replace(instead, cut_off_at=None)).refused("session_not_locked")
    given(session, scheduled, started).when(replace(instead, support=None)).refused("no_active_assignment")
    given(session, scheduled, started).when(replace(instead, contact_minutes=179)).refused(
        "invalid_contact_minutes"
    )


def test_a_final_log_is_amended_with_a_reason_and_tells_the_minutes_before_and_after() -> None:
    given(session, *FINAL).when(AMEND).then(amended)
    given(session, *FINAL, amended).when(AMEND).then_nothing()
    more = replace(AMEND, contact_minutes=150, reason_code="disputed")
    second = amended.model_copy(
        update={
            "number": 2,
            "reason_code": "disputed",
            "contact_minutes_before": amended.contact_minutes,
            "contact_minutes": 150,
        }
    )
    given(session, *FINAL, amended).when(more).then(second)
    given(session, *FINAL).when(replace(AMEND, reason=" ")).refused("invalid_reason")
    given(session, *FINAL).when(replace(AMEND, activities=())).refused("invalid_activities")
    given(session, *FINAL).when(replace(AMEND, contact_minutes=196)).refused("invalid_contact_minutes", "195")


def test_only_what_is_final_is_amended_and_what_is_final_is_only_amended() -> None:
    given(session, *SUBMITTED).when(AMEND).refused("session_not_locked", "return it")
    given(session, *SUBMITTED, approved).when(AMEND).refused("session_not_locked")
    given(session, scheduled).when(AMEND).refused("session_not_started")
    given(session, scheduled, example(SessionCancelled)).when(AMEND).refused("session_cancelled")
    for command in (LOG, RETURN):
        given(session, *FINAL).when(command).refused("session_locked")
    given(session, *FINAL).when(CANCEL).refused("session_took_place")
    given(session, *FINAL).when(START).then_nothing()


def test_an_amendment_with_the_whole_class_is_refused_and_the_attempt_is_a_fact() -> None:
    attempt = replace(AMEND, activities=("english", "whole_class"))
    refusal = given(session, *FINAL).when(attempt).refused("role_boundary_breached")
    assert [type(fact) for fact in refusal.facts] == [RoleBoundaryBreached]


def test_a_voided_session_tells_what_is_reversed_and_frees_its_time() -> None:
    answered = given(session, *SUBMITTED).when(VOID).then(voided)
    assert answered.claims == frozenset()
    given(session, *SUBMITTED, voided).when(VOID).then_nothing()
    for before, minutes in ((FINAL, locked.contact_minutes), ((*FINAL, amended), amended.contact_minutes)):
        given(session, *before).when(VOID).then(voided.model_copy(update={"contact_minutes_before": minutes}))
    assert given(session, scheduled, example(SessionMissed)).when(VOID).refusal is None
    given(session, scheduled).when(VOID).refused("session_not_begun", "cancel")
    given(session, *SUBMITTED).when(replace(VOID, reason="")).refused("invalid_reason")
    for command in (LOG, APPROVE, LOCK, RETURN, AMEND, START):
        given(session, *SUBMITTED, voided).when(command).refused("session_voided")


def test_outcomes_of_the_childs_provision_are_rated_with_the_log_and_each_once() -> None:
    rated = example(OutcomeRated)
    rating = replace(LOG, ratings=((OUTCOME, 3),), outcomes=frozenset({OUTCOME}))
    given(session, scheduled, started).when(rating).then(logged, rated)
    given(session, *SUBMITTED, rated).when(rating).then_nothing()
    given(session, *SUBMITTED, rated).when(LOG).refused("already_logged")
    given(session, scheduled, started).when(replace(rating, outcomes=frozenset({UUID(int=1)}))).refused(
        "invalid_outcomes", "provision"
    )
    twice = replace(rating, ratings=((OUTCOME, 3), (OUTCOME, 4)))
    given(session, scheduled, started).when(twice).refused("invalid_outcomes", "once")
