"""The facts of a child: accepted, and with which provision."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import ChildId, RequestId, SchoolId
from shared.contracts.words.support import Area

ChildName = Annotated[str, Personal(of="child_id"), Field(description="the child's full name")]
BirthDate = Annotated[date, Personal(of="child_id"), Field(description="the child's date of birth")]
Minutes = Annotated[int, Field(description="minutes of support in a school week")]
Areas = Annotated[tuple[Area, ...], Field(description="what the support is for")]


@published("assignments.ChildAccepted.v1", aggregate="child")
class ChildAccepted(Fact):
    """The agency is responsible for this child's support from now on."""

    child_id: ChildId
    request_id: RequestId
    school_id: SchoolId
    name: ChildName
    birth_date: BirthDate
    accepted_on: Annotated[date, Field(description="the day of acceptance")]


@published("assignments.ProvisionSpecified.v1", aggregate="child")
class ProvisionSpecified(Fact):
    """How much support a child gets, and for what; replaces what was specified before from that day on."""

    child_id: ChildId
    minutes_per_week: Minutes
    areas: Areas
    effective_from: Annotated[date, Field(description="first day of this provision")]
