"""Credentials for those whom they are about, and for the office: listed and downloaded."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from services.training.api.fields import last_id, own
from services.training.badges.achievements import achievement
from services.training.badges.credential import address, credential, signed
from services.training.badges.documents import CREDENTIAL_TYPE, keys_of
from services.training.badges.reading import badges_of, find_badge, is_erased
from shared.contracts.words.training import CertificationKind, Track
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["badges"])

HOLDERS = ("coordinator", "trainer", "compliance", "manager", "mentor")


class BadgeView(BaseModel):
    """A credential that can be downloaded at `href`; `revoked_on` is the first day without it."""

    certification_id: UUID
    mentor_id: UUID
    track: Track
    kind: CertificationKind
    name: str
    valid_from: date
    valid_until: date | None
    revoked_on: date | None
    href: str


class BadgePage(BaseModel):
    items: list[BadgeView]
    next: str | None


@router.get("/badges/credentials", response_model=BadgePage, dependencies=[allows(*HOLDERS), seen("badges")])
async def list_credentials(
    request: Request, reads: Reads, mentor_id: UUID | None = None, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """Credentials that can be downloaded; a mentor sees their own."""
    own(request.state.actor, mentor_id)
    found = await reads(badges_of, mentor_id=mentor_id, after=last_id(cursor), limit=limit + 1)
    told = [
        {
            **row,
            "name": achievement(row["track"], row["kind"])["name"],
            "href": address(row["certification_id"]),
        }
        for row in found
    ]
    return page(told, limit, lambda row: [row["certification_id"]])


@router.get(
    "/badges/credentials/{certification_id}",
    dependencies=[allows(*HOLDERS), seen("badges")],
    response_model=None,
    responses={200: {"content": {CREDENTIAL_TYPE: {"schema": {"type": "string"}}}}},
)
async def download(
    certification_id: UUID,
    request: Request,
    reads: Reads,
    format: Annotated[
        Literal["jwt", "json"], Query(description="jwt is signed; json is to read, and proves nothing")
    ] = "jwt",
) -> Response:
    """The certification as an Open Badge 3.0, signed; a mentor has their own."""
    badge = await reads(find_badge, certification_id)
    if badge is None:
        raise NotFound("credential", certification_id)
    own(request.state.actor, badge["mentor_id"])
    if await reads(is_erased, badge["mentor_id"]):
        raise Problem(410, "holder_erased", "whom it was about was erased on request: there is no credential")
    reads.shows(mentor_id=badge["mentor_id"])
    keys = keys_of(reads.running)
    made = credential(badge, keys)
    if format == "json":
        return Response(orjson.dumps(made), media_type="application/ld+json")
    name = f'attachment; filename="{badge["track"]}-{badge["valid_from"]}.jwt"'
    headers = {"Content-Disposition": name, "Cache-Control": "private, no-store"}
    return Response(signed(made, keys), headers=headers, media_type=CREDENTIAL_TYPE)
