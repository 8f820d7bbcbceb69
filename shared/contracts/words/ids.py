"""The ids that facts are written in, each with whom or what it concerns."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Concerns

# Ids, each with whom or what it concerns.
ChildId = Annotated[UUID, Concerns("child"), Field(description="the child")]
MentorId = Annotated[UUID, Concerns("mentor"), Field(description="the learning mentor")]
SchoolId = Annotated[UUID, Concerns("school"), Field(description="the school; made from its URN")]
RequestId = Annotated[UUID, Concerns("request"), Field(description="the support request")]
AssignmentId = Annotated[
    UUID, Concerns("assignment"), Field(description="the link between one mentor and one child")
]
CoverId = Annotated[UUID, Concerns("cover"), Field(description="the search for somebody who stands in")]
SessionId = Annotated[UUID, Concerns("session"), Field(description="the session")]
RecipientId = Annotated[UUID, Concerns("recipient"), Field(description="who is notified")]
PlanId = Annotated[UUID, Concerns("match_plan"), Field(description="the plan of matches")]
NotificationId = Annotated[UUID, Concerns("notification"), Field(description="the notification")]
OutcomeId = Annotated[UUID, Field(description="the outcome, of the child's provision")]
ConcernId = Annotated[UUID, Concerns("concern"), Field(description="the safeguarding concern")]
TransferId = Annotated[UUID, Concerns("transfer"), Field(description="the transfer to another region")]
PayPeriodId = Annotated[UUID, Field(description="the pay period")]
