"""What cover follows from, and what follows from cover: in any order, and when the world has moved on meanwhile."""

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import uuid4

from services.assignments.domain.assignment_commands import BeginCover, EndAssignment, StandAside, StandBack
from services.assignments.domain.cover_commands import CancelCover, GiveBack
from services.assignments.domain.gate import ChildStanding, MentorStanding
from services.assignments.policies.absence import back_on, spell_of, still_away, unneeded
from services.assignments.policies.standing_in import Begun, LetGo, Substitute, Wanted, stand_in
from shared.contracts.assignments.child import ChildExited, ChildPaused
from shared.contracts.assignments.cover import CoverAccepted, CoverCancelled, CoverRequested
from shared.contracts.assignments.mentor import MentorAbsenceReported
from shared.contracts.eligibility import Evidence
from shared.contracts.fact import Fact
from shared.contracts.sessions.ladder import SessionOverdue
from shared.contracts.sessions.session import SessionStarted
from shared.contracts.training.standing import SuspensionLifted
from shared.contracts.words.mentoring import GivenBackReason
from shared.kernel.recorded import Recorded
from tests.assignments.story import GRACE as READY
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR, SCHOOL

MONDAY = date(2026, 9, 7)
WEEK = tuple(MONDAY + timedelta(days=n) for n in range(5))
ADA = ChildStanding(CHILD, SCHOOL, True)
AT = datetime(2026, 9, 4, 12, tzinfo=UTC)
F = TypeVar("F", bound=Fact)


def recorded(fact: F) -> Recorded[F]:
    return Recorded(fact, "assignments", 1, uuid4(), 1, AT, uuid4(), "uk-london", "test", "test", "test")


ACCEPTED = example(CoverAccepted).model_copy(update={"days": WEEK, "mentor_id": MENTOR, "child_id": CHILD})


def test_the_primary_stands_aside_for_a_search_as_long_as_it_wants_somebody() -> None:
    asked = recorded(example(CoverRequested))
    (issue,) = stand_in(asked, Wanted(WEEK[:2]))
    assert issue.stream == asked.fact.assignment_id
    assert issue.command == StandAside(asked.fact.cover_id, WEEK[:2], asked.fact.reason, AT)
    assert not list(stand_in(asked, Wanted(()))), "it was cancelled before: nobody has to stand aside"


def test_who_may_not_come_any_more_gives_back_what_they_had_agreed_to() -> None:
    suspended = MentorStanding(
        MENTOR, READY.engaged_on, None, (*READY.evidence, Evidence("suspension", date(2026, 9, 3)))
    )
    cases: tuple[tuple[MentorStanding, GivenBackReason], ...] = (
        (MentorStanding(MENTOR, READY.engaged_on), "mentor_stood_down"),
        (suspended, "mentor_suspended"),
        (MentorStanding(MENTOR, READY.engaged_on, WEEK[1], READY.evidence), "mentor_left"),
    )
    for mentor, because in cases:
        (issue,) = stand_in(recorded(ACCEPTED), Substitute(ADA, mentor, 1, WEEK))
        assert (issue.stream, issue.command) == (ACCEPTED.cover_id, GiveBack(MENTOR, WEEK, because, AT))


def test_nobody_covers_a_child_who_left_meanwhile() -> None:
    (issue,) = stand_in(recorded(ACCEPTED), Substitute(ChildStanding(CHILD), READY, 1, WEEK))
    assert issue.command == CancelCover("no_longer_needed", WEEK, True, AT)


def test_only_days_that_are_still_theirs_begin() -> None:
    (issue,) = stand_in(recorded(ACCEPTED), Substitute(ADA, READY, 1, WEEK[3:]))
    assert isinstance(issue.command, BeginCover)
    assert issue.command.days == WEEK[3:]
    assert not list(stand_in(recorded(ACCEPTED), Substitute(ADA, READY, 1, ())))


def test_days_that_need_nobody_end_what_was_begun_for_them() -> None:
    cancelled = recorded(example(CoverCancelled).model_copy(update={"days": WEEK[:2]}))
    begun = Begun(uuid4(), WEEK[0], WEEK[2], (), 1, Substitute(ADA, READY, 1))
    primary = uuid4()
    back, end = stand_in(cancelled, LetGo(primary, [begun]))
    assert back.command == StandBack(cancelled.fact.cover_id, WEEK[:2], AT)
    assert (end.stream, end.command) == (begun.assignment_id, EndAssignment("cover_not_needed", WEEK[0]))


def test_who_is_back_from_one_thing_may_be_away_for_another() -> None:
    on_leave = MentorStanding(
        MENTOR, READY.engaged_on, None, READY.evidence, ((WEEK[1], WEEK[3]),), ((WEEK[4], None),)
    )
    assert back_on(on_leave, WEEK, MONDAY) == (WEEK[0], WEEK[3])
    down = MentorStanding(MENTOR, READY.engaged_on, None, READY.evidence, deployable=False)
    assert back_on(down, WEEK, MONDAY) == ()


def test_as_long_as_a_mentor_is_away_the_next_fortnight_is_looked_at() -> None:
    why, days = still_away(MentorStanding(MENTOR, READY.engaged_on), MONDAY) or ("", ())
    assert (why, len(days), days[-1]) == ("mentor_stood_down", 10, date(2026, 9, 18))
    ill = MentorStanding(
        MENTOR, READY.engaged_on, None, READY.evidence, (), ((WEEK[3], WEEK[4] + timedelta(days=3)),)
    )
    assert still_away(ill, MONDAY) == ("mentor_absent", WEEK[3:])
    assert still_away(READY, MONDAY) is None


def test_a_child_who_leaves_or_rests_needs_nobody_though_no_primary_is_there() -> None:
    for fact, since in (
        (example(ChildExited), example(ChildExited).exited_on),
        (example(ChildPaused), example(ChildPaused).paused_from),
    ):
        found = unneeded(fact, "Europe/London")
        assert found is not None
        assert (found.child_id, found.since, found.until, found.taken_too) == (
            fact.child_id,
            since,
            None,
            True,
        )


def test_who_comes_late_is_no_longer_looked_for_that_day() -> None:
    fact = example(SessionStarted).model_copy(update={"started_at": datetime(2026, 9, 6, 23, 40, tzinfo=UTC)})
    found = unneeded(fact, "Australia/Sydney")
    assert found is not None
    assert (found.since, found.until, found.asked_because) == (MONDAY, WEEK[1], ("session_missed",))
    assert (found.absent_mentor_id, found.child_id, found.taken_too) == (
        fact.mentor_id,
        fact.child_id,
        False,
    )


def test_an_absence_cut_short_ends_the_search_for_its_last_days() -> None:
    fact = example(MentorAbsenceReported)
    found = unneeded(fact, "UTC")
    assert found is not None
    assert (found.since, found.absent_mentor_id, found.asked_because) == (
        fact.absent_until,
        fact.mentor_id,
        ("mentor_absent",),
    )


def test_a_lifted_suspension_ends_the_search_too() -> None:
    found = unneeded(example(SuspensionLifted), "UTC")
    assert found is not None
    assert set(found.asked_because) >= {"mentor_stood_down", "mentor_suspended"}


def test_the_day_of_a_missed_session_is_the_day_at_the_school() -> None:
    late = example(SessionOverdue).model_copy(
        update={"minutes": 30, "starts_at": datetime(2026, 9, 6, 23, 0, tzinfo=UTC)}
    )
    there, here = spell_of(late, "Australia/Sydney"), spell_of(late, "Europe/London")
    assert there is not None
    assert here is not None
    assert (there.since, here.since) == (MONDAY, MONDAY)
    assert (spell_of(late, "UTC") or there).since == date(2026, 9, 6)
