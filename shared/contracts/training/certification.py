"""The facts of certification periods."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.training.course import OfTrack
from shared.contracts.training.enrolment import EnrolmentId
from shared.contracts.words.ids import MentorId
from shared.contracts.words.training import CertificationKind, DaysLeft

CertificationId = Annotated[UUID, Field(description="one period of certification")]
LastDay = Annotated[date, Field(description="last day it counts")]


@published("training.CertificationGranted.v1", aggregate="compliance")
class CertificationGranted(Fact):
    """A mentor is certified in a track for a period."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    kind: Annotated[
        CertificationKind, Field(description="full: completed; temporary: for a while; waived: not needed")
    ]
    enrolment_id: Annotated[
        EnrolmentId | None, Field(description="the enrolment that earned it; None when temporary")
    ]
    granted_on: Annotated[date, Field(description="the day on which it was granted")]
    valid_from: Annotated[date, Field(description="first day it counts; renewed early: the old one's end")]
    valid_until: Annotated[date | None, Field(description="last day it counts; None is for good")]
    renews: Annotated[UUID | None, Field(description="the certification that this one follows without a gap")]
    window_opens_on: Annotated[
        date | None,
        Field(description="first day on which it may be renewed without losing time; None: never"),
    ]
    renew_by: Annotated[
        date | None, Field(description="last day by which it should be renewed; None: there is no such day")
    ]
    reason: Annotated[
        str | None,
        Personal(of="mentor_id", keep="employment"),
        Field(description="why it is temporary, in plain words; None otherwise"),
    ]


@published("training.CertificationWindowOpened.v1", aggregate="compliance")
class CertificationWindowOpened(Fact):
    """A certification may be renewed from now on without losing time."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    valid_until: LastDay
    opened_on: Annotated[date, Field(description="first day of the window")]


@published("training.CertificationExpiring.v1", aggregate="compliance")
class CertificationExpiring(Fact):
    """A certification that was not renewed has so many days left."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    days_left: Annotated[DaysLeft, Field(description="days until its last day; 0 is that day itself")]
    valid_until: LastDay


@published("training.CertificationOverdue.v1", aggregate="compliance")
class CertificationOverdue(Fact):
    """A certification was not renewed by the day that the programme wants it. It still counts."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    renew_by: Annotated[date, Field(description="the day by which it should have been renewed")]
    valid_until: LastDay


@published("training.CertificationExpired.v1", aggregate="compliance")
class CertificationExpired(Fact):
    """A certification ran out. One that was renewed in time never does."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    expired_on: Annotated[date, Field(description="first day without it")]


@published("training.CertificationRevoked.v1", aggregate="compliance")
class CertificationRevoked(Fact):
    """A certification was taken back."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    revoked_on: Annotated[date, Field(description="first day without it")]
    reason: Annotated[
        str, Personal(of="mentor_id", keep="employment"), Field(description="why, in plain words")
    ]
