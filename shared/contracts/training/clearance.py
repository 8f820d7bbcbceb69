"""The facts of vetting evidence."""

from datetime import date
from typing import Annotated

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import MentorId
from shared.contracts.words.training import ClearanceKind, DaysLeft, SeenAs

OfKind = Annotated[ClearanceKind, Field(description="what the evidence shows")]
IssuedOn = Annotated[date, Field(description="the date on the document; it counts from here")]


@published("training.ClearanceRecorded.v1", aggregate="compliance")
class ClearanceRecorded(Fact):
    """Vetting evidence was seen.

    The same kind and `issued_on` again corrects it, and makes a withdrawn one count again; another `issued_on` is
    one more document.
    """

    mentor_id: MentorId
    kind: OfKind
    recorded_on: Annotated[date, Field(description="the day on which the agency took it in")]
    issued_on: IssuedOn
    last_status_check_on: Annotated[
        date | None,
        Field(description="when its status was last looked up (a DBS certificate has no expiry of its own)"),
    ]
    recheck_due_on: Annotated[
        date | None, Field(description="last day it counts by the agency's policy; None is for good")
    ]
    reference: Annotated[
        str, Personal(of="mentor_id", keep="employment"), Field(description="the number on the document")
    ]
    seen_by: Annotated[str, Field(description="who looked at the document, as role:name")]
    seen_as: Annotated[SeenAs, Field(description="what they looked at")]


@published("training.ClearanceExpiring.v1", aggregate="compliance")
class ClearanceExpiring(Fact):
    """A clearance is to be rechecked in so many days, and nothing newer was recorded."""

    mentor_id: MentorId
    kind: OfKind
    issued_on: IssuedOn
    days_left: Annotated[DaysLeft, Field(description="days until the recheck is due; 0 is that day itself")]
    recheck_due_on: Annotated[date, Field(description="last day it counts")]


@published("training.ClearanceLapsed.v1", aggregate="compliance")
class ClearanceLapsed(Fact):
    """A clearance's recheck fell due and nothing newer was recorded."""

    mentor_id: MentorId
    kind: OfKind
    lapsed_on: Annotated[date, Field(description="first day without it")]


@published("training.ClearanceWithdrawn.v1", aggregate="compliance")
class ClearanceWithdrawn(Fact):
    """Evidence that had been recorded may not be relied upon any more."""

    mentor_id: MentorId
    kind: OfKind
    issued_on: IssuedOn
    withdrawn_on: Annotated[date, Field(description="first day without it")]
    reason: Annotated[
        str, Personal(of="mentor_id", keep="employment"), Field(description="why, in plain words")
    ]
