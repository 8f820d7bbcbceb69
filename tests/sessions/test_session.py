"""One session, from planned to logged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.sessions.domain.session import session
from shared.contracts.eligibility import Evidence
from shared.contracts.sessions.session import SessionCancelled
from shared.contracts.sessions.session_log import RoleBoundaryBreached
from tests.sessions.commands import (
    CANCEL,
    DAY,
    ENDS,
    LOG,
    READY,
    SCHEDULE,
    START,
    STARTS,
    SUPPORT,
    logged,
    scheduled,
    started,
)
from tests.support.examples import example
from tests.support.given import given

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
cancelled = example(SessionCancelled)
SOMEBODY = UUID("0190163d-8694-739b-aea5-966c26f8ad91")


def test_a_session_is_scheduled_started_and_logged() -> None:
    given(session).when(SCHEDULE).then(scheduled)
    given(session, scheduled).when(START).then(started)
    given(session, scheduled, started).when(LOG).then(logged)


def test_a_mentor_who_is_not_assigned_to_the_child_is_refused() -> None:
    given(session).when(replace(SCHEDULE, support=None)).refused("no_active_assignment")
    given(session).when(replace(SCHEDULE, mentor_id=SOMEBODY)).refused("no_active_assignment")
    given(session).when(replace(SCHEDULE, child_id=SOMEBODY)).refused("no_active_assignment")


def test_support_has_to_have_begun_and_not_ended_on_the_day_of_the_session() -> None:
    tomorrow = replace(SUPPORT, effective_from=DAY + timedelta(days=1))
    given(session).when(replace(SCHEDULE, support=tomorrow)).refused("no_active_assignment")
    ended = replace(SUPPORT, ended_on=DAY)
    given(session).when(replace(SCHEDULE, support=ended)).refused("no_active_assignment")
    given(session, scheduled).when(replace(START, support=ended)).refused("no_active_assignment")
    given(session, scheduled, started).when(replace(LOG, support=ended)).refused("no_active_assignment")
    given(session).when(replace(SCHEDULE, support=replace(SUPPORT, ended_on=DAY + timedelta(days=1)))).then(
        scheduled
    )


def test_the_gate_names_each_missing_or_lapsed_item_and_its_date() -> None:
    today = SCHEDULE.at.date()
    lapsed = Evidence("slt", today - timedelta(days=50), today - timedelta(days=1))
    short = (*(proof for proof in READY if proof.item not in ("slt", "bed")), lapsed)
    refusal = (
        given(session)
        .when(replace(SCHEDULE, evidence=short))
        .refused("mentor_not_deployable", f"SLT training lapsed on {today}", "BED training missing")
    )
    assert [item["item"] for item in refusal.items] == ["slt", "bed"]


def test_the_gate_asks_for_today_when_planning_and_for_that_day_when_starting() -> None:
    runs_out = Evidence("slt", DAY - timedelta(days=50), DAY - timedelta(days=1))
    short = (*(proof for proof in READY if proof.item != "slt"), runs_out)
    given(session).when(replace(SCHEDULE, evidence=short)).then(scheduled)
    refused = given(session, scheduled).when(replace(START, evidence=short))
    refused.refused("mentor_not_deployable", f"SLT training lapsed on {DAY}")


def test_a_session_ends_after_it_starts_on_the_same_day_at_the_school() -> None:
    given(session).when(replace(SCHEDULE, ends_at=STARTS)).refused("invalid_ends_at")
    given(session).when(replace(SCHEDULE, ends_at=STARTS + 13 * HOUR)).refused("invalid_ends_at")
    late = datetime(2026, 9, 7, 22, 30, tzinfo=UTC)
    night = replace(SCHEDULE, starts_at=late, ends_at=late + HOUR)
    given(session).when(night).refused("invalid_ends_at", "one day")
    assert given(session).when(replace(night, time_zone="UTC")).refusal is None


def test_the_day_is_the_day_at_the_school() -> None:
    after_midnight = datetime(2026, 9, 6, 23, 30, tzinfo=UTC)
    early = replace(SCHEDULE, starts_at=after_midnight, ends_at=after_midnight + HOUR)
    assert given(session).when(early).refusal is None
    given(session).when(replace(early, time_zone="UTC", ends_at=after_midnight + 20 * MINUTE)).refused(
        "no_active_assignment", "2026-09-06"
    )


@pytest.mark.parametrize("zone", ["Europe/Camelot", "", "../etc/passwd"])
def test_a_time_zone_has_its_iana_name(zone: str) -> None:
    given(session).when(replace(SCHEDULE, time_zone=zone)).refused("invalid_time_zone")


def test_a_session_starts_near_its_time_and_not_in_the_future() -> None:
    for at in (STARTS - 16 * MINUTE, ENDS):
        given(session, scheduled).when(replace(START, started_at=at, at=ENDS)).refused("invalid_started_at")
    given(session, scheduled).when(replace(START, at=STARTS)).refused("invalid_started_at", "not come yet")


def test_work_with_the_whole_class_is_refused_and_the_attempt_is_a_fact() -> None:
    breach = example(RoleBoundaryBreached)
    attempt = replace(LOG, activities=breach.activities, at=breach.attempted_at)
    refusal = (
        given(session, scheduled, started).when(attempt).refused("role_boundary_breached", "whole class")
    )
    assert refusal.facts == (breach,)
    again = given(session, scheduled, started).when(attempt, attempt).refused("role_boundary_breached")
    assert again.facts == ()
    later = replace(attempt, at=attempt.at + HOUR)
    assert len(given(session, scheduled, started, breach).when(later).facts) == 1
    given(session, scheduled, started, breach).when(LOG).then(logged)


def test_help_to_another_pupil_in_passing_is_allowed_and_marked() -> None:
    helped = logged.model_copy(update={"incidental_help": True})
    given(session, scheduled, started).when(replace(LOG, incidental_help=True)).then(helped)


def test_nothing_is_logged_before_it_took_place() -> None:
    given(session, scheduled).when(replace(LOG, at=STARTS - MINUTE)).refused("session_in_future")
    given(session, scheduled, started).when(replace(LOG, at=STARTS - MINUTE)).refused("session_in_future")
    given(session, scheduled).when(LOG).refused("session_not_started")


def test_no_more_contact_is_logged_than_there_was_time_for() -> None:
    half_way = replace(LOG, at=STARTS + HOUR, contact_minutes=59)
    given(session, scheduled, started).when(half_way).refused("invalid_contact_minutes", "58 minutes")
    whole = replace(LOG, contact_minutes=179)
    given(session, scheduled, started).when(whole).refused("invalid_contact_minutes", "178 minutes")


def test_a_log_says_what_was_done_and_each_thing_once() -> None:
    given(session, scheduled, started).when(replace(LOG, activities=())).refused("invalid_activities")
    twice = replace(LOG, activities=("maths", "maths"))
    given(session, scheduled, started).when(twice).refused("invalid_activities")


def test_a_log_is_late_after_48_hours() -> None:
    for after, late in ((48 * HOUR, False), (48 * HOUR + MINUTE, True), (72 * HOUR, True)):
        at = ENDS + after
        expected = logged.model_copy(update={"logged_at": at, "late": late})
        given(session, scheduled, started).when(replace(LOG, at=at)).then(expected)


def test_after_72_hours_a_coordinator_has_to_say_why() -> None:
    at = ENDS + 72 * HOUR + MINUTE
    given(session, scheduled, started).when(replace(LOG, at=at)).refused(
        "late_reason_required", "coordinator"
    )
    given(session, scheduled, started).when(replace(LOG, at=at, late_reason=" ")).refused(
        "late_reason_required"
    )
    expected = logged.model_copy(update={"logged_at": at, "late": True, "late_reason": "was ill"})
    given(session, scheduled, started).when(replace(LOG, at=at, late_reason="was ill")).then(expected)


def test_a_log_is_handed_in_once() -> None:
    given(session, scheduled, started, logged).when(replace(LOG, at=LOG.at + HOUR)).then_nothing()
    other = replace(LOG, contact_minutes=100)
    given(session, scheduled, started, logged).when(other).refused("already_logged", "amend")


def test_only_what_has_not_begun_is_cancelled() -> None:
    given(session, scheduled).when(CANCEL).then(cancelled)
    given(session, scheduled, cancelled).when(CANCEL).then_nothing()
    given(session, scheduled, started).when(CANCEL).refused("session_took_place")
    given(session, scheduled, cancelled).when(START).refused("session_cancelled")
    given(session, scheduled, cancelled).when(LOG).refused("session_cancelled")
    given(session, scheduled, cancelled).when(SCHEDULE).refused("already_scheduled")


def test_the_time_of_mentor_and_child_is_taken_until_the_session_is_cancelled() -> None:
    claims = given(session).when(SCHEDULE).claims
    assert {claim.key for claim in claims} == {
        f"session:mentor:{scheduled.mentor_id}",
        f"session:child:{scheduled.child_id}",
    }
    assert {(claim.since, claim.until) for claim in claims} == {(STARTS, ENDS)}
    assert given(session, scheduled, started).when(LOG).claims == claims
    assert given(session, scheduled).when(CANCEL).claims == frozenset()


def test_what_was_never_scheduled_is_unknown() -> None:
    for command in (START, LOG, CANCEL):
        given(session).when(command).refused("session_unknown")
