"""What a service records when somebody looked at a record: every service publishes its own."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.purposes import Purpose

OfChild = Annotated[UUID | None, Concerns("child"), Field(description="the child whose record was shown")]
OfMentor = Annotated[UUID | None, Concerns("mentor"), Field(description="the mentor whose record was shown")]
OfRequest = Annotated[UUID | None, Concerns("request"), Field(description="the support request shown")]
OfSession = Annotated[UUID | None, Concerns("session"), Field(description="the session shown")]
OfAssignment = Annotated[UUID | None, Concerns("assignment"), Field(description="the assignment shown")]


class Viewed(Fact):
    """Somebody was shown a record. It is on record before the answer leaves the service."""

    view_id: Annotated[UUID, Field(description="this one view")]
    viewer: Annotated[str, Field(description="who looked, by the name they are known by here")]
    viewer_role: Annotated[str, Field(description="as what they looked")]
    record: Annotated[str, Field(description="what was shown: the address, with the ids left out")]
    viewed_at: Annotated[AwareDatetime, Field(description="when it was shown")]
    child_id: OfChild = None
    mentor_id: OfMentor = None
    request_id: OfRequest = None
    session_id: OfSession = None
    assignment_id: OfAssignment = None
    purpose: Annotated[
        Purpose | None, Field(description="why they looked; none: recorded before purposes were")
    ] = None
    classes: Annotated[
        tuple[RetentionClass, ...], Field(description="the classes of personal data that were readable")
    ] = ()
