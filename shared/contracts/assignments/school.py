"""The facts of schools, as the register tells of them."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import SchoolId
from shared.contracts.words.support import SchoolPhase, SchoolStatus

Age = Annotated[int | None, Field(description="pupils' age in years, from the register")]
TimeZone = Annotated[str, Field(description="IANA time zone of the school's timetable")]


class SchoolDetails(Fact):
    """What the register tells of a school."""

    school_id: SchoolId
    urn: Annotated[int, Field(description="unique reference number in the English register (GIAS)")]
    name: Annotated[str, Field(description="the school's name")]
    local_authority: Annotated[str, Field(description="the local authority it lies in")]
    town: Annotated[str | None, Field(description="town; None when the register has none")]
    postcode: Annotated[str | None, Field(description="postcode; None when the register has none")]
    phase: Annotated[SchoolPhase, Field(description="phase of education")]
    status: Annotated[SchoolStatus, Field(description="whether it is open")]
    lowest_age: Age = None
    highest_age: Age = None
    opened_on: Annotated[date | None, Field(description="the day it opened, if the register tells")] = None
    closed_on: Annotated[date | None, Field(description="the day it closed, if it did")] = None
    time_zone: TimeZone = "Europe/London"


@published("assignments.SchoolRegistered.v1", aggregate="school")
class SchoolRegistered(SchoolDetails):
    """A school was taken over from the register for the first time."""


@published("assignments.SchoolDetailsChanged.v1", aggregate="school")
class SchoolDetailsChanged(SchoolDetails):
    """The register tells something new of a known school; all its details as they are now."""
