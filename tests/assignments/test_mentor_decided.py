"""A mentor's employment, availability, absences and profile."""

from datetime import date, timedelta

import pytest

from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import (
    Apply,
    EngageMentor,
    GoOnLeave,
    LetMentorGo,
    Profile,
    ReportAbsence,
    Return,
    SetAvailability,
    UpdateProfile,
)
from shared.contracts.assignments.mentor import (
    MentorAbsenceReported,
    MentorApplied,
    MentorAvailabilitySet,
    MentorEngaged,
    MentorLeft,
    MentorProfileUpdated,
    MentorReturned,
    MentorWentOnLeave,
)
from tests.assignments.story import AT
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ENGAGED_ON, MENTOR

applied, engaged = example(MentorApplied), example(MentorEngaged)
away, back = example(MentorWentOnLeave), example(MentorReturned)
apply = Apply(MENTOR, applied.name, applied.email, applied.applied_on)
engage = EngageMentor(MENTOR, engaged.name, engaged.email, ENGAGED_ON)
leave = GoOnLeave(away.leave_from, away.expected_back_on, away.kind)
absent = ReportAbsence(date(2026, 10, 5), date(2026, 10, 8), "illness", AT)
available = SetAvailability(1500, ("monday", "friday"), date(2026, 9, 1))


def test_an_applicant_is_engaged() -> None:
    given(mentor).when(apply).then(applied)
    given(mentor, applied).when(apply).then_nothing()
    given(mentor, applied).when(engage).then(engaged)
    given(mentor, applied, engaged).when(engage).then_nothing()
    given(mentor, applied, engaged).when(apply).refused("mentor_already_engaged")
    given(mentor, applied).when(EngageMentor(MENTOR, "G", "g@x.org", date(2024, 1, 1))).refused(
        "invalid_engaged_on"
    )


def test_an_applicant_neither_leaves_nor_goes_on_leave() -> None:
    given(mentor, applied).when(LetMentorGo(ENGAGED_ON)).refused("mentor_not_engaged", "only applied")
    given(mentor, applied).when(leave).refused("mentor_not_engaged")


def test_leave_begins_once_and_is_over_once() -> None:
    given(mentor, engaged).when(leave).then(away)
    given(mentor, engaged, away).when(leave).then_nothing()
    given(mentor, engaged, away).when(GoOnLeave(date(2027, 3, 1), None, "unpaid")).refused("mentor_on_leave")
    given(mentor, engaged, away).when(Return(back.returned_on)).then(back)
    given(mentor, engaged, away, back).when(Return(back.returned_on)).then_nothing()
    given(mentor, engaged).when(Return(back.returned_on)).refused("mentor_not_on_leave")
    given(mentor, engaged, away).when(Return(date(2027, 1, 1))).refused("invalid_returned_on")
    given(mentor, engaged, away, back).when(leave).refused("invalid_leave_from", "2027-04-12")
    backwards = GoOnLeave(date(2027, 5, 1), date(2027, 5, 1), "unpaid")
    given(mentor, engaged).when(backwards).refused("invalid_expected_back_on")


def test_who_is_on_leave_can_leave() -> None:
    left = MentorLeft(mentor_id=MENTOR, left_on=date(2027, 3, 1))
    given(mentor, engaged, away).when(LetMentorGo(left.left_on)).then(left)
    given(mentor, engaged, away, left).when(Return(date(2027, 4, 1))).refused("mentor_already_left")


def test_an_absence_is_reported_once_and_is_no_leave() -> None:
    (reported,) = given(mentor, engaged).when(absent).facts
    assert isinstance(reported, MentorAbsenceReported)
    given(mentor, engaged, reported).when(absent).then_nothing()
    begin = absent.absent_from
    for until in (begin, begin - timedelta(days=1), begin + timedelta(days=29)):
        given(mentor, engaged).when(ReportAbsence(begin, until, "illness", AT)).refused("invalid_absence")
    given(mentor).when(absent).refused("mentor_unknown")
    gone = MentorLeft(mentor_id=MENTOR, left_on=absent.absent_from)
    given(mentor, engaged, gone).when(absent).refused("mentor_left")
    leaving = gone.model_copy(update={"left_on": absent.absent_from + timedelta(days=1)})
    given(mentor, engaged, leaving).when(absent).then(reported)
    given(mentor, engaged, leaving, reported).when(absent).then_nothing()


@pytest.mark.parametrize(
    ("minutes", "weekdays"),
    [(9999, ("monday",)), (-1, ()), (600, ()), (0, ("monday",)), (60, ("monday",) * 2)],
)
def test_availability_is_what_can_be_worked(minutes: int, weekdays: tuple[str, ...]) -> None:
    wrong = SetAvailability(minutes, weekdays, date(2026, 9, 1))  # type: ignore[arg-type]
    given(mentor, engaged).when(wrong).refused("invalid_availability")


def test_availability_and_profile_are_said_once() -> None:
    (said,) = given(mentor, engaged).when(available).facts
    assert isinstance(said, MentorAvailabilitySet)
    given(mentor, engaged, said).when(available).then_nothing()
    profile = UpdateProfile(Profile(areas=("social",), languages=("en", "pl"), town="Fernhollow"), AT.date())
    (known,) = given(mentor, applied).when(profile).facts
    assert isinstance(known, MentorProfileUpdated)
    given(mentor, applied, known).when(profile).then_nothing()
    given(mentor, applied, known).when(UpdateProfile(profile.profile, date(2026, 12, 1))).then_nothing()
    twice = UpdateProfile(Profile(languages=("en", "en")), AT.date())
    given(mentor, applied).when(twice).refused("invalid_profile")
