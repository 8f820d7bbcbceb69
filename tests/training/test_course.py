"""A course of the training programme."""

from dataclasses import replace
from datetime import date

import pytest

from services.training.domain.course import Draft, Publish, PublishDraft, Retire, course
from shared.contracts.training.course import CourseDrafted, CoursePublished, CourseRetired
from shared.contracts.words.training import Track
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import COURSE

published = example(CoursePublished)
drafted = example(CourseDrafted)
ON = date(2026, 1, 5)


def publish(
    track: Track = "slt", months: int | None = 24, version: int = 2, title: str = published.title
) -> Publish:
    return Publish(COURSE, track, title, version, months, ON)


def test_a_course_is_published_once() -> None:
    at_once = drafted.model_copy(update={"drafted_on": ON})
    given(course).when(publish()).then(at_once, published)
    given(course, published).when(publish()).then_nothing()


def test_a_course_is_drafted_changed_and_published() -> None:
    draft = Draft(COURSE, "slt", drafted.title, 2, 24, drafted.drafted_on)
    given(course).when(draft).then(drafted)
    given(course, drafted).when(draft).then_nothing()
    longer = given(course, drafted).when(replace(draft, valid_months=36)).facts
    assert longer == (drafted.model_copy(update={"valid_months": 36}),)
    given(course, drafted).when(PublishDraft(ON)).then(published)
    given(course, drafted, published).when(PublishDraft(ON)).then_nothing()
    given(course, drafted, published).when(draft).refused("already_published")


def test_a_draft_is_neither_retired_nor_published_out_of_nothing() -> None:
    given(course, drafted).when(Retire(ON)).refused("course_not_published")
    given(course).when(PublishDraft(ON)).refused("course_not_published")
    given(course, drafted, published, example(CourseRetired)).when(PublishDraft(ON)).refused("course_retired")


def test_a_published_course_does_not_change() -> None:
    given(course, published).when(publish(months=36)).refused("already_published", "new version")


@pytest.mark.parametrize(
    ("track", "months"),
    [
        ("induction", 12),
        ("safeguarding", 13),
        ("safeguarding", None),
        ("slt", None),
        ("ot", None),
        ("bed", 0),
    ],
)
def test_a_track_is_valid_for_as_long_as_the_programme_says(track: Track, months: int | None) -> None:
    given(course).when(publish(track, months)).refused("invalid_valid_months")


def test_induction_is_for_good() -> None:
    assert given(course).when(publish("induction", None)).refusal is None


def test_a_course_needs_a_title_and_a_version() -> None:
    given(course).when(publish(title=" ")).refused("invalid_title")
    given(course).when(publish(version=0)).refused("invalid_version")


def test_a_retired_course_stays_retired() -> None:
    retired = example(CourseRetired)
    given(course, published).when(Retire(retired.retired_on)).then(retired)
    given(course, published, retired).when(Retire(date(2028, 1, 1))).then_nothing()


def test_what_was_never_published_cannot_be_retired() -> None:
    given(course).when(Retire(ON)).refused("course_not_published")


def test_a_version_number_is_used_once_even_after_it_is_retired() -> None:
    first = given(course).when(publish()).claims
    again = given(course, published).when(publish(title=published.title.upper())).claims
    assert {claim.key for claim in first} == {claim.key for claim in again}
    assert given(course, published).when(Retire(ON)).claims == first
