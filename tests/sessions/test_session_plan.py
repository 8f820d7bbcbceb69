"""A session's plan: moved, called off, and the days on which nobody may be planned."""

from dataclasses import replace
from datetime import timedelta

from services.sessions.domain.permission import Pause
from services.sessions.domain.session import session
from shared.contracts.sessions.session import SessionCancelled
from shared.contracts.words.sessions import CancelReason
from tests.sessions.commands import (
    CANCEL,
    DAY,
    ENDS,
    LOG,
    RESCHEDULE,
    SCHEDULE,
    START,
    STARTS,
    SUPPORT,
    finished,
    moved,
    scheduled,
    started,
)
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import COURSE

HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)
cancelled = example(SessionCancelled)


def test_a_session_that_has_not_begun_is_moved_and_holds_its_new_time_alone() -> None:
    answered = given(session, scheduled).when(RESCHEDULE).then(moved)
    assert {(claim.since, claim.until) for claim in answered.claims} == {(moved.starts_at, moved.ends_at)}
    given(session, scheduled, moved).when(RESCHEDULE).then_nothing()
    given(session, scheduled, started).when(RESCHEDULE).refused("session_took_place")
    given(session, scheduled, cancelled).when(RESCHEDULE).refused("session_cancelled")


def test_what_holds_of_planning_holds_of_moving() -> None:
    given(session, scheduled).when(replace(RESCHEDULE, at=moved.starts_at)).refused("invalid_starts_at")
    given(session, scheduled).when(replace(RESCHEDULE, ends_at=STARTS)).refused("invalid_ends_at")
    given(session, scheduled).when(replace(RESCHEDULE, evidence=())).refused("mentor_not_deployable")
    paused = replace(SUPPORT, pauses=(Pause(DAY),))
    given(session, scheduled).when(replace(RESCHEDULE, support=paused)).refused("assignment_paused")


def test_no_session_on_a_day_of_a_pause() -> None:
    for pause, allowed in (
        (Pause(DAY), False),
        (Pause(DAY, DAY + ONE_DAY), False),
        (Pause(DAY - ONE_DAY, DAY), True),
        (Pause(DAY + ONE_DAY), True),
    ):
        support = replace(SUPPORT, pauses=(pause,))
        for facts, command in (
            ((), replace(SCHEDULE, support=support)),
            ((scheduled,), replace(START, support=support)),
            ((scheduled, started), replace(LOG, support=support)),
        ):
            answered = given(session, *facts).when(command)
            assert (answered.refusal is None) == allowed, (pause, command)
            if not allowed:
                answered.refused("assignment_paused")


def test_cover_is_for_its_days_only() -> None:
    from_to = replace(
        SUPPORT, role="cover", effective_from=DAY - 2 * ONE_DAY, effective_until=DAY + 2 * ONE_DAY
    )
    planned = given(session).when(replace(SCHEDULE, support=from_to)).facts
    assert [fact.model_dump()["cover"] for fact in planned] == [True]
    over = replace(from_to, effective_until=DAY)
    given(session).when(replace(SCHEDULE, support=over)).refused("no_active_assignment")
    other_days = replace(from_to, days=frozenset({DAY - ONE_DAY, DAY + ONE_DAY}))
    given(session).when(replace(SCHEDULE, support=other_days)).refused("no_active_assignment", "other days")
    given(session, scheduled, started).when(replace(LOG, support=other_days)).refused("no_active_assignment")
    its_day = replace(from_to, days=frozenset({DAY}))
    assert given(session).when(replace(SCHEDULE, support=its_day)).refusal is None


def test_the_primary_does_not_come_on_a_day_that_is_covered_but_may_log_what_took_place() -> None:
    aside = replace(SUPPORT, aside={DAY: STARTS - HOUR})
    given(session).when(replace(SCHEDULE, support=aside)).refused("mentor_stands_aside", "cancel the cover")
    given(session, scheduled).when(replace(START, support=aside)).refused("mentor_stands_aside")
    assert given(session, scheduled, started).when(replace(LOG, support=aside)).refusal is None


def test_who_comes_late_may_begin_although_cover_is_looked_for_by_then() -> None:
    aside = replace(SUPPORT, aside={DAY: STARTS + HOUR / 2})
    late = replace(START, started_at=STARTS + HOUR * 0.6, at=STARTS + HOUR * 0.6, support=aside)
    assert given(session, scheduled).when(late).refusal is None


def test_whether_a_cancelled_session_is_charged_depends_on_the_notice() -> None:
    cases: tuple[tuple[CancelReason, timedelta, bool], ...] = (
        ("child_absent", 23 * HOUR, True),
        ("child_absent", 24 * HOUR, False),
        ("school_closed", -2 * HOUR, True),
        ("mentor_absent", HOUR, False),
        ("covered", HOUR, False),
    )
    for reason, notice, charged in cases:
        command = replace(CANCEL, reason=reason, at=STARTS - notice)
        (fact,) = given(session, scheduled).when(command).facts
        assert isinstance(fact, SessionCancelled)
        assert fact.chargeable is charged, (reason, notice)
        (said,) = given(session, scheduled).when(replace(command, chargeable=not charged)).facts
        assert isinstance(said, SessionCancelled)
        assert said.chargeable is not charged


def test_a_cancelled_session_tells_what_was_planned() -> None:
    (fact,) = given(session, scheduled).when(CANCEL).facts
    assert isinstance(fact, SessionCancelled)
    assert (fact.starts_at, fact.ends_at, fact.planned_minutes) == (STARTS, ENDS, 180)


def test_a_session_of_a_timetable_names_it() -> None:
    (fact,) = given(session).when(replace(SCHEDULE, timetable_id=COURSE)).facts
    assert fact == scheduled.model_copy(update={"timetable_id": COURSE})


def test_what_begins_after_its_end_was_finished_at_its_planned_end() -> None:
    late = replace(START, at=ENDS + HOUR)
    presumed = finished.model_copy(update={"presumed": True, "finished_at": ENDS})
    given(session, scheduled).when(late).then(started, presumed)
