"""The facts of courses."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Fact, published
from shared.contracts.words.training import Track

CourseId = Annotated[UUID, Field(description="the course, in one version")]
OfTrack = Annotated[Track, Field(description="the track of the training programme")]
Title = Annotated[str, Field(description="what the course is called")]
Version = Annotated[int, Field(description="1 for the first version of that title, and so on")]
ValidMonths = Annotated[
    int | None, Field(description="months for which completing it certifies; None is for good")
]


@published("training.CourseDrafted.v1", aggregate="course")
class CourseDrafted(Fact):
    """A version of a course is being prepared. Drafting it again replaces the draft."""

    course_id: CourseId
    track: OfTrack
    title: Title
    version: Version
    valid_months: ValidMonths
    drafted_on: Annotated[date, Field(description="the day of this draft")]


@published("training.CoursePublished.v1", aggregate="course")
class CoursePublished(Fact):
    """A version of a course of a track may be taken."""

    course_id: CourseId
    track: OfTrack
    title: Title
    version: Version
    valid_months: ValidMonths
    published_on: Annotated[date, Field(description="first day on which it may be assigned")]


@published("training.CourseRetired.v1", aggregate="course")
class CourseRetired(Fact):
    """No new enrolments; what was completed keeps counting."""

    course_id: CourseId
    retired_on: Annotated[date, Field(description="first day on which it may not be assigned any more")]
