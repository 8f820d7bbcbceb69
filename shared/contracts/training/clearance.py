"""The facts of vetting evidence."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import MentorId
from shared.contracts.words.training import ClearanceKind

OfKind = Annotated[ClearanceKind, Field(description="what the evidence shows")]


@published("training.ClearanceRecorded.v1", aggregate="compliance")
class ClearanceRecorded(Fact):
    """Vetting evidence was seen. The same kind and `issued_on` again corrects it; another is one more."""

    mentor_id: MentorId
    kind: OfKind
    recorded_on: Annotated[date, Field(description="the day on which the agency took it in")]
    issued_on: Annotated[date, Field(description="the date on the document; it counts from here")]
    last_status_check_on: Annotated[
        date | None,
        Field(description="when its status was last looked up (a DBS certificate has no expiry of its own)"),
    ]
    recheck_due_on: Annotated[
        date | None, Field(description="last day it counts by the agency's policy; None is for good")
    ]
    reference: Annotated[str, Personal(of="mentor_id"), Field(description="the number on the document")]


@published("training.ClearanceLapsed.v1", aggregate="compliance")
class ClearanceLapsed(Fact):
    """A clearance's recheck fell due and nothing newer was recorded."""

    mentor_id: MentorId
    kind: OfKind
    lapsed_on: Annotated[date, Field(description="first day without it")]
