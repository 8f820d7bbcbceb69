"""The facts of certification periods."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Fact, published
from shared.contracts.training.course import OfTrack
from shared.contracts.training.enrolment import EnrolmentId
from shared.contracts.words.ids import MentorId

CertificationId = Annotated[UUID, Field(description="one period of certification")]


@published("training.CertificationGranted.v1", aggregate="compliance")
class CertificationGranted(Fact):
    """A mentor is certified in a track for a period."""

    certification_id: CertificationId
    mentor_id: MentorId
    track: OfTrack
    enrolment_id: EnrolmentId
    granted_on: Annotated[date, Field(description="the day on which it was granted")]
    valid_from: Annotated[date, Field(description="first day it counts; renewed early: the old one's end")]
    valid_until: Annotated[date | None, Field(description="last day it counts; None is for good")]


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
    reason: Annotated[str, Field(description="why, in plain words and without names")]
