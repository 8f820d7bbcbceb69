"""What verifiers fetch, without a name: issuer, achievements, keys and status lists; and the page that verifies."""

from dataclasses import asdict
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from services.training.agency import agency
from services.training.badges.achievements import CONTEXTS, KINDS, TRACKS, achievement, issuer
from services.training.badges.credential import signed
from services.training.badges.keys import Signing, UnfitKeys, public, signing
from services.training.badges.page import HEADERS, page
from services.training.badges.public import published
from services.training.badges.reading import find_badge, revoked_in
from services.training.badges.status import FRESH_SECONDS, status_list
from services.training.badges.verifying import LONGEST, Verdict, verify
from shared.kernel.call import Lookup, Reads
from shared.kernel.problems import NotFound, Problem
from shared.kernel.running import Running

router = APIRouter(tags=["badges"])

log = structlog.get_logger(__name__)

_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}
CREDENTIAL_TYPE = "application/vc+jwt"


class Pasted(BaseModel):
    """A credential as a compact JWS, or its address."""

    credential: str = Field(max_length=LONGEST)


def keys_of(running: Running) -> Signing:
    """Those of the agency. Raises Problem 503 while there are none to sign with."""
    try:
        return signing(running.settings.database_url.get_secret_value(), running.settings.profile)
    except (OSError, UnfitKeys) as unfit:
        log.error("no badge keys", why=str(unfit))
        raise Problem(503, "badge_keys_unfit", "credentials can't be signed or verified just now") from None


@router.get("/badges/issuer", dependencies=[published()], response_model=None)
async def show_issuer() -> Response:
    """The agency's profile, as its credentials name it."""
    return _json({"@context": CONTEXTS, **issuer()}, "application/ld+json")


@router.get("/badges/achievements/{track}/{kind}", dependencies=[published()], response_model=None)
async def show_achievement(track: str, kind: str) -> Response:
    """What a credential certifies, and what had to be shown for it."""
    if track not in TRACKS or kind not in KINDS:
        raise NotFound("achievement", f"{track}/{kind}")
    found = {"@context": CONTEXTS, **achievement(track, kind), "creator": issuer()}
    return _json(found, "application/ld+json")


@router.get("/badges/keys/{key_id}", dependencies=[published()], response_model=None)
async def show_key(key_id: str, request: Request) -> Response:
    """One public key, at the address that the header of a credential names."""
    address = f"{agency().home}/training/badges/keys/{key_id}"
    key = keys_of(request.app.state.running).keys.get(address)
    if key is None:
        raise NotFound("key", key_id)
    return _json(public(address, key), "application/jwk+json")


@router.get("/.well-known/jwks.json", dependencies=[published()], response_model=None)
async def show_keys(request: Request) -> Response:
    """Every public key that credentials are verified with; the first signs."""
    found = [public(address, key) for address, key in keys_of(request.app.state.running).keys.items()]
    return _json({"keys": found}, "application/jwk-set+json")


@router.get("/badges/status/{number}", dependencies=[published()], response_model=None)
async def show_status(number: int, request: Request, reads: Reads) -> Response:
    """A status list as a signed credential: whether a place in it is revoked."""
    running: Running = request.app.state.running
    revoked = await reads(revoked_in, number) if 0 <= number < 2**31 else None
    if revoked is None:
        raise NotFound("status list", str(number))
    keys, listed = keys_of(running), status_list(number, revoked, running.clock.now())
    # The signature is another one each time, so what is signed tells whether anything changed.
    tag = f'"{sha256(orjson.dumps([listed, keys.signs_with[0]])).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={FRESH_SECONDS}"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(signed(listed, keys), headers=headers, media_type=CREDENTIAL_TYPE)


@router.get("/badges/verify", dependencies=[published()], response_class=HTMLResponse)
async def show_form(request: Request, reads: Reads, id: str | None = None) -> HTMLResponse:
    """The page to verify a credential on; with `id` it says what is on record of that one."""
    return HTMLResponse(page(await _verify(reads, id) if id else None), headers=HEADERS)


@router.post("/badges/verify", dependencies=[published()], response_class=HTMLResponse)
async def answer_form(request: Request, reads: Reads) -> HTMLResponse:
    """The same page, with what was found of the credential that was pasted."""
    try:
        said = parse_qs((await request.body()).decode(errors="replace"), max_num_fields=10)
    except ValueError:
        said = {}
    return HTMLResponse(page(await _verify(reads, said.get("credential", [""])[0])), headers=HEADERS)


@router.post("/badges/verification", dependencies=[published()])
async def answer_json(body: Pasted, reads: Reads) -> dict[str, Any]:
    """Whether a credential is ours and counts today: its `state`, and the same in a sentence."""
    found = await _verify(reads, body.credential)
    return {**asdict(found), "says": found.says}


async def _verify(reads: Lookup, said: str) -> Verdict:
    running = reads.running
    return await verify(said, keys_of(running), running.clock.now(), lambda one: reads(find_badge, one))


def _json(found: Any, media_type: str) -> Response:
    return Response(orjson.dumps(found), headers=_FOR_A_DAY, media_type=media_type)
