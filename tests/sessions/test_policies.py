"""What sessions does on its own when others decide."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, cast
from uuid import UUID

from services.sessions.domain.away import Away, Heard, News
from services.sessions.domain.commands import Cancel
from services.sessions.policies.coming import Known, call_off, check_again
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.fact import Fact
from shared.contracts.training.standing import MentorStoodDown
from shared.kernel.recorded import Recorded
from tests.sessions.commands import DAY, READY, STARTS, SUPPORT, scheduled
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, SESSION

EARLIER = STARTS - timedelta(days=3)
CANCEL = Cancel("agency", "mentor_stood_down", EARLIER, chargeable=False)


F = TypeVar("F", bound=Fact)


def recorded(fact: F, at: datetime = EARLIER) -> Recorded[F]:
    return Recorded(fact, "sessions", 1, SESSION, 1, at, SESSION, "uk-london", "test", "test", "test")


def test_the_coming_sessions_of_a_mentor_who_is_stood_down_are_cancelled() -> None:
    others = [UUID(int=n) for n in (1, 2)]
    issues = list(call_off(recorded(example(MentorStoodDown)), others))
    assert [(issue.stream, issue.command) for issue in issues] == [(other, CANCEL) for other in others]


def test_the_sessions_after_an_assignment_are_cancelled() -> None:
    (issue,) = call_off(recorded(example(AssignmentEnded)), [SESSION])
    assert (issue.stream, issue.command) == (SESSION, replace(CANCEL, reason="assignment_ended"))


def test_a_session_that_is_still_allowed_is_left_alone() -> None:
    assert not list(check_again(recorded(scheduled), Known(SUPPORT, READY)))


def test_a_session_planned_while_the_assignment_ended_is_cancelled() -> None:
    for support in (None, replace(SUPPORT, ended_on=DAY)):
        (issue,) = check_again(recorded(scheduled), Known(support, READY))
        assert issue.command == replace(CANCEL, reason="assignment_ended")


def test_a_session_planned_while_somebody_was_reported_absent_is_cancelled() -> None:
    made = scheduled.model_copy(update={"timetable_id": UUID(int=3)})
    for who, news, command in (
        (MENTOR, "mentor_absent", Cancel("mentor", "mentor_absent", EARLIER, chargeable=False)),
        (MENTOR, "mentor_on_leave", Cancel("agency", "mentor_on_leave", EARLIER, chargeable=False)),
        (CHILD, "child_absent", Cancel("family", "child_absent", EARLIER, chargeable=False)),
    ):
        heard = Heard(who, cast(News, news), DAY, DAY + timedelta(days=1))
        known = Known(SUPPORT, READY, Away([heard]))
        (issue,) = check_again(recorded(made), known)
        assert (issue.stream, issue.command) == (SESSION, command)
        assert not list(check_again(recorded(scheduled), known)), "who plans by hand knows better"
        before = replace(heard, since=DAY - timedelta(days=1), until=DAY)
        assert not list(check_again(recorded(made), Known(SUPPORT, READY, Away([before]))))


def test_an_absence_is_corrected_for_its_first_day() -> None:
    week = [DAY + timedelta(days=n) for n in range(5)]
    heard = [
        Heard(MENTOR, "mentor_absent", week[0], week[4]),
        Heard(MENTOR, "mentor_absent", week[0], week[1]),
        Heard(MENTOR, "mentor_absent", week[3], week[4]),
    ]
    away = Away(heard)
    assert [away.why(MENTOR, day) is not None for day in week] == [True, False, False, True, False]


def test_a_session_planned_while_the_mentor_was_stood_down_is_cancelled() -> None:
    withdrawn = tuple(replace(proof, withdrawn_on=EARLIER.date()) for proof in READY)
    (issue,) = check_again(recorded(scheduled), Known(SUPPORT, withdrawn))
    assert (issue.stream, issue.command) == (SESSION, CANCEL)
