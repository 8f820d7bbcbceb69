"""What is found when nobody starts a session, ends it, or hands in its log."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest

from services.sessions.domain.commands import FindEnded, FindLogOverdue, FindOverdue, Finish
from services.sessions.domain.session import session
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import SessionCancelled
from shared.contracts.words.sessions import LogHours, OverdueMinutes
from tests.sessions.commands import (
    CANCEL,
    DRAFT,
    ENDS,
    FINISH,
    LOG,
    RESCHEDULE,
    RETURN,
    START,
    STARTS,
    drafted,
    finished,
    logged,
    moved,
    returned,
    scheduled,
    started,
)
from tests.support.examples import example
from tests.support.given import given

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
overdue, missed, log_overdue = example(SessionOverdue), example(SessionMissed), example(LogOverdue)
presumed = finished.model_copy(update={"presumed": True})


@pytest.mark.parametrize("minutes", get_args(OverdueMinutes))
def test_each_step_of_the_ladder_is_found_once_and_not_before_its_time(minutes: OverdueMinutes) -> None:
    at = STARTS + minutes * MINUTE
    found = overdue.model_copy(update={"minutes": minutes, "overdue_at": at})
    given(session, scheduled).when(FindOverdue(minutes, at)).then(found)
    given(session, scheduled, found).when(FindOverdue(minutes, at)).then_nothing()
    given(session, scheduled).when(FindOverdue(minutes, at - MINUTE)).then_nothing()
    given(session, scheduled, missed).when(FindOverdue(minutes, at)).then(found)
    given(session, scheduled, started).when(FindOverdue(minutes, at)).then_nothing()
    given(session, scheduled, example(SessionCancelled)).when(FindOverdue(minutes, at)).then_nothing()


def test_a_session_that_was_moved_is_overdue_after_its_new_time() -> None:
    given(session, scheduled, moved).when(FindOverdue(10, overdue.overdue_at)).then_nothing()
    later = overdue.overdue_at + HOUR
    again = overdue.model_copy(
        update={"starts_at": moved.starts_at, "ends_at": moved.ends_at, "overdue_at": later}
    )
    given(session, scheduled, moved).when(FindOverdue(10, later)).then(again)


def test_a_session_is_missed_when_its_end_has_come_and_nobody_started_it() -> None:
    given(session, scheduled).when(FindEnded(ENDS)).then(missed)
    given(session, scheduled, missed).when(FindEnded(ENDS)).then_nothing()
    given(session, scheduled).when(FindEnded(ENDS - MINUTE)).then_nothing()


def test_a_missed_session_frees_its_time_and_is_explained_or_started_by_the_office() -> None:
    assert given(session, scheduled).when(FindEnded(ENDS)).claims == frozenset()
    late = replace(START, at=ENDS + HOUR)
    given(session, scheduled, missed).when(late).refused("session_missed", "coordinator")
    after_all = started.model_copy(update={"after_missed": True})
    answered = given(session, scheduled, missed).when(replace(late, by_office=True))
    answered.then(after_all, presumed)
    assert len(answered.claims) == 2
    given(session, scheduled, missed).when(LOG).refused("session_not_started")
    given(session, scheduled, missed).when(RESCHEDULE).refused("session_took_place")
    explained = replace(CANCEL, reason="child_absent", at=ENDS + HOUR)
    (fact,) = given(session, scheduled, missed).when(explained).facts
    assert isinstance(fact, SessionCancelled)
    assert fact.chargeable


def test_a_session_that_nobody_finished_is_presumed_over_at_its_planned_end() -> None:
    given(session, scheduled, started).when(FindEnded(ENDS)).then(presumed)
    given(session, scheduled, started, presumed).when(FindEnded(ENDS)).then_nothing()
    given(session, scheduled, started, finished).when(FindEnded(ENDS)).then_nothing()


def test_a_session_is_finished_after_its_start_and_what_somebody_says_outdoes_what_was_presumed() -> None:
    given(session, scheduled, started).when(FINISH).then(finished)
    given(session, scheduled, started, finished).when(FINISH).then_nothing()
    said = Finish(ENDS - HOUR, at=ENDS + HOUR)
    earlier = finished.model_copy(update={"finished_at": ENDS - HOUR})
    given(session, scheduled, started, presumed).when(said).then(earlier)
    for wrong in (Finish(STARTS, at=ENDS), Finish(ENDS + MINUTE, at=ENDS)):
        given(session, scheduled, started).when(wrong).refused("invalid_finished_at")
    given(session, scheduled).when(FINISH).refused("session_not_started")
    too_much = replace(LOG, contact_minutes=119)
    given(session, scheduled, started, earlier).when(too_much).refused("invalid_contact_minutes", "118")


@pytest.mark.parametrize("hours", get_args(LogHours))
def test_an_overdue_log_is_found_once_for_each_time_it_is_wanted(hours: LogHours) -> None:
    def look(since: datetime) -> FindLogOverdue:
        return FindLogOverdue(since, hours, at=since + hours * HOUR)

    found = log_overdue.model_copy(update={"hours": hours, "overdue_at": ENDS + hours * HOUR})
    given(session, scheduled, started).when(look(ENDS)).then(found)
    given(session, scheduled, started, found).when(look(ENDS)).then_nothing()
    given(session, scheduled, started).when(replace(look(ENDS), at=ENDS)).then_nothing()
    given(session, scheduled, started, logged).when(look(ENDS)).then_nothing()
    since = returned.returned_at
    again = found.model_copy(update={"wanted_since": since, "overdue_at": since + hours * HOUR})
    much_later = replace(look(ENDS), at=since + 100 * HOUR)
    given(session, scheduled, started, logged, returned).when(much_later).then_nothing()
    given(session, scheduled, started, found, logged, returned).when(look(since)).then(again)


def test_a_draft_is_kept_and_says_that_contact_is_over() -> None:
    at_hand = presumed.model_copy(update={"finished_at": min(DRAFT.at, ENDS)})
    given(session, scheduled, started).when(DRAFT).then(at_hand, drafted)
    given(session, scheduled, started, finished).when(DRAFT).then(drafted)
    given(session, scheduled, started, finished, drafted).when(
        replace(DRAFT, at=DRAFT.at + HOUR)
    ).then_nothing()
    given(session, scheduled, started, drafted).when(replace(DRAFT, contact_minutes=200)).refused(
        "invalid_contact_minutes"
    )
    given(session, scheduled, started, drafted).when(LOG).then(logged)
    given(session, scheduled, started, logged).when(DRAFT).refused("already_logged")
    given(session, scheduled, started, logged).when(RETURN, replace(DRAFT, at=RETURN.at)).then(
        drafted.model_copy(update={"drafted_at": RETURN.at})
    )
