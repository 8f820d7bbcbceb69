"""Certifications over HTTP: revoked, granted for a while, listed by when they end."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.training.api.fields import OFFICERS, READERS, Day, On, Text, own
from services.training.api.mentor_views import CertificationPage, PeriodState
from services.training.domain.certifications import RevokeCertification
from services.training.domain.compliance import compliance, compliance_of
from services.training.domain.temporary import GrantTemporarily
from services.training.read_model.certifications import Place, certifications
from shared.contracts.words.training import Track
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor

router = APIRouter(tags=["certifications"])


class Revocation(BaseModel):
    """Why a certification is taken back; without names."""

    reason: Text


class Temporary(BaseModel):
    """A track to certify for a while, its last day, and why; without names."""

    track: Track
    valid_until: Day
    reason: Text


@router.post(
    "/mentors/{mentor_id}/certifications/temporary", status_code=201, dependencies=[allows("compliance")]
)
async def certify_temporarily(mentor_id: UUID, body: Temporary, call: Call) -> Response:
    """Certify a track for 90 days at most, when the course cannot be had in time."""
    key = call.new_id()
    command = GrantTemporarily(key, mentor_id, body.track, body.valid_until, body.reason, on=call.now.date())
    shown = {"certification_id": str(key)}
    return await call.decide(compliance, compliance_of(mentor_id), command, status=201, show=shown)


@router.post(
    "/mentors/{mentor_id}/certifications/{certification_id}/revocation",
    dependencies=[allows(*OFFICERS, "trainer")],
)
async def revoke(mentor_id: UUID, certification_id: UUID, body: Revocation, call: Call) -> Response:
    """Take a certification back from today on."""
    command = RevokeCertification(certification_id, body.reason, on=call.now.date())
    return await call.decide(compliance, compliance_of(mentor_id), command)


@router.get(
    "/certifications",
    response_model=CertificationPage,
    dependencies=[allows(*READERS, "mentor"), seen("evidence")],
)
async def list_certifications(
    request: Request,
    reads: Reads,
    on: On = None,
    mentor_id: UUID | None = None,
    track: Track | None = None,
    state: Annotated[PeriodState | None, Query()] = None,
    ending_until: Annotated[Day | None, Query(description="those whose last day is up to that day")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Certification periods as they stand on a day, the first to end first; a mentor sees their own."""
    own(request.state.actor, mentor_id)
    found = await reads(
        certifications,
        on=on or reads.running.clock.now().date(),
        mentor_id=mentor_id,
        track=track,
        state=state,
        ending_until=ending_until,
        after=_place(cursor),
        limit=limit + 1,
    )
    return page(found, limit, lambda row: [row["ends"].isoformat(), row["certification_id"]])


def _place(cursor: str | None) -> Place | None:
    found = after(cursor)
    if found is None:
        return None
    try:
        return Place.read(*found)
    except (TypeError, ValueError, AttributeError):
        raise wrong_cursor() from None
