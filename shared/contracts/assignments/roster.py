"""The facts of a school's roster: which of its schools are ours, and whom it shows supported one to one."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Concerns, Fact, published
from shared.contracts.words.ids import ChildId, RequestId, SchoolId

RosterId = Annotated[
    UUID, Concerns("roster"), Field(description="the roster; made from the name of the system it comes from")
]


class RosterSupport(Fact):
    """One child and one aide in a class of their own. Ids only: what a roster calls people is not kept."""

    roster_id: RosterId
    class_id: Annotated[
        UUID | None,
        Field(description="the class, made from its sourcedId; None when the child was named by hand"),
    ]
    child_id: ChildId
    aide_id: Annotated[
        UUID | None, Field(description="the aide, made from its sourcedId; None when the class has none")
    ]
    mentor_id: Annotated[
        UUID | None,
        Concerns("mentor"),
        Field(description="the mentor whom the aide is here; None when the aide could not be taken over"),
    ]
    school_id: SchoolId
    request_id: RequestId


@published("assignments.RosterSchoolLinked.v1", aggregate="roster")
class RosterSchoolLinked(Fact):
    """An organisation of a roster is this school of the register."""

    roster_id: RosterId
    org_id: Annotated[UUID, Field(description="the organisation, made from its sourcedId")]
    school_id: SchoolId


@published("assignments.RosterSupportSeen.v1", aggregate="roster")
class RosterSupportSeen(RosterSupport):
    """A roster shows this child supported one to one; whether it is, a coordinator decides."""

    seen_on: Annotated[date, Field(description="the day of the import")]


@published("assignments.RosterSupportGone.v1", aggregate="roster")
class RosterSupportGone(RosterSupport):
    """A roster no longer shows this child supported like that."""

    gone_on: Annotated[date, Field(description="the day of the import")]
