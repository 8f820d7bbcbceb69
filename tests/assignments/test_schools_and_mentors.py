"""A school is what the register says; a mentor is engaged once and leaves once."""

from dataclasses import replace
from datetime import date

from services.assignments.domain.mentor import mentor
from services.assignments.domain.mentor_commands import EngageMentor, LetMentorGo
from services.assignments.domain.school import RecordSchool, school, school_id
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.assignments.school import SchoolDetails, SchoolDetailsChanged, SchoolRegistered
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import ENGAGED_ON, MENTOR

engaged = example(MentorEngaged)
left = example(MentorLeft)


def test_a_mentor_is_engaged_once_and_leaves_once() -> None:
    engage = EngageMentor(MENTOR, engaged.name, engaged.email, ENGAGED_ON)
    given(mentor).when(engage).then(engaged)
    given(mentor, engaged).when(engage).then_nothing()
    given(mentor, engaged, left).when(engage).then_nothing()
    given(mentor, engaged).when(replace(engage, name="Ruth Bello")).refused("mentor_already_engaged")
    given(mentor, engaged).when(LetMentorGo(left.left_on)).then(left)
    given(mentor, engaged, left).when(LetMentorGo(left.left_on)).then_nothing()
    given(mentor, engaged, left).when(LetMentorGo(date(2028, 1, 1))).refused("mentor_already_left")
    given(mentor, engaged).when(LetMentorGo(date(2024, 1, 1))).refused("invalid_left_on")
    given(mentor).when(LetMentorGo(left.left_on)).refused("mentor_not_engaged")


def test_a_school_is_recorded_when_the_register_says_something_new() -> None:
    registered, changed = example(SchoolRegistered), example(SchoolDetailsChanged)
    details = SchoolDetails(**dict(registered))
    now = SchoolDetails(**dict(changed))
    given(school).when(RecordSchool(details)).then(registered)
    given(school, registered).when(RecordSchool(details)).then_nothing()
    given(school, registered).when(RecordSchool(now)).then(changed)
    given(school, registered, changed).when(RecordSchool(now)).then_nothing()
    assert school_id(130000) == school_id(130000) != school_id(130001)
