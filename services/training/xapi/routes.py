"""The Statement Resource of xAPI 1.0.3 and 2.0: statements put, posted and found again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.training.api.fields import READERS
from services.training.xapi.answering import answer, moment, told
from services.training.xapi.asking import LIST, SINGLE, asked_of, checked_form, checked_id, more
from services.training.xapi.kept import Kept, listed, opened, place_of
from services.training.xapi.learning import Sent
from services.training.xapi.sources import SOURCES, may_state
from services.training.xapi.statement import flaws
from services.training.xapi.taking import take
from services.training.xapi.versions import XapiRoute, only, wrong
from shared.kernel.call import Lookup, Reads, allows, seen
from shared.kernel.envelope import new_id, read
from shared.kernel.problems import NotFound, Problem

router = APIRouter(tags=["xapi"], route_class=XapiRoute)

CONSISTENT = "X-Experience-API-Consistent-Through"
_NUMBERED = UUID("0b8f2f2e-3f0b-5c8e-9a55-4f5d0c1f7e21")
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.post("/xapi/statements", dependencies=[allows(*SOURCES)], openapi_extra=_BODY)
async def post_statements(request: Request, reads: Reads) -> Response:
    """Take in one statement or several: all of them or none.

    Statements without an id get one; with an Idempotency-Key the same ones each time.
    """
    may_state(request)
    only(request, frozenset())
    found = await _json(request)
    bodies = found if isinstance(found, list) else [found]
    sent = [_sent(body, request, n) for n, body in enumerate(bodies)]
    ids = [one.statement_id for one in sent]
    if len(set(ids)) != len(ids):
        raise wrong("id", "a request has each statement once")
    await take(request, reads, sent)
    return Response(orjson.dumps([str(one) for one in ids]), media_type="application/json")


@router.put("/xapi/statements", status_code=204, dependencies=[allows(*SOURCES)], openapi_extra=_BODY)
async def put_statement(request: Request, reads: Reads) -> Response:
    """Take in one statement under the id in the address."""
    may_state(request)
    params = only(request, frozenset({"statementId"}))
    if "statementId" not in params:
        raise wrong("statementId", "it is missing")
    statement_id = checked_id("statementId", params["statementId"])
    found = await _json(request)
    if not isinstance(found, dict):
        raise wrong("", "one statement; post several")
    sent = _sent({"id": str(statement_id), **found}, request, 0)
    if sent.statement_id != statement_id:
        raise wrong("id", "it is not the statementId of the address")
    await take(request, reads, [sent])
    return Response(status_code=204)


@router.get(
    "/xapi/statements", dependencies=[allows(*READERS, "integrator"), seen("statements")], response_model=None
)
async def get_statements(request: Request, reads: Reads) -> Response:
    """One statement by `statementId` or `voidedStatementId`, or a page of those that were not voided.

    Whoever may not see what is kept of employment gets the mentor's id, the verb and the course of each.
    """
    may_state(request)
    params = dict(request.query_params)
    if {"statementId", "voidedStatementId"} & params.keys():
        return await _one(request, reads, only(request, SINGLE))
    params = only(request, LIST)
    form, asked = checked_form(params), await asked_of(reads, params)
    rows = await reads(listed, asked) if asked else []
    limit = asked.limit if asked else 0
    rows, goes_on = rows[:limit], len(rows) > limit
    kept = await opened(reads.running, [row["delivery_id"] for row in rows])
    version = request.state.xapi_version
    found: dict[str, Any] = {
        "statements": [told(kept[row["statement_id"]], form, version) for row in rows],
        "more": "",
    }
    if goes_on:
        found["more"] = more(request.url.path, params, rows[-1]["position"])
    return answer(found, {CONSISTENT: await _consistent(reads)})


async def _one(request: Request, reads: Lookup, params: Mapping[str, str]) -> Response:
    if {"statementId", "voidedStatementId"} <= params.keys():
        raise wrong("voidedStatementId", "ask for one of both")
    form = checked_form(params)
    name = "statementId" if "statementId" in params else "voidedStatementId"
    statement_id = checked_id(name, params[name])
    row = await reads(place_of, statement_id)
    if row is None or (row["voided_by"] is not None) != (name == "voidedStatementId"):
        raise NotFound("statement", f"{statement_id}, or it is not {name} that finds it")
    reads.shows(mentor_id=row["mentor_id"])
    kept: Kept = (await opened(reads.running, [row["delivery_id"]]))[statement_id]
    headers = {
        CONSISTENT: await _consistent(reads),
        "Last-Modified": kept.stored_at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }
    return answer(told(kept, form, request.state.xapi_version), headers)


async def _json(request: Request) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(
            415, "attachments_not_kept", "send application/json; attachments stay where their fileUrl says"
        )
    try:
        found = orjson.loads(await request.body())
        orjson.dumps(found)  # what is nested deeper than can be written again could not be kept
        return found
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as broken:
        raise wrong("", f"no JSON that can be kept: {broken}") from None


def _sent(body: Any, request: Request, n: int) -> Sent:
    found = flaws(body)
    if found:
        where, detail = found[0]
        raise wrong(where, detail)
    if "id" in body:
        return Sent(UUID(body["id"]), body)
    key = request.headers.get("idempotency-key")
    if key:
        return Sent(uuid5(_NUMBERED, f"{request.state.actor}:{key}:{n}"), body)
    return Sent(new_id(request.app.state.running.clock.now()), body)


async def _consistent(reads: Lookup) -> str:
    """Up to when everything that was stored is found: now, or the first fact that was not projected yet."""
    running = reads.running
    waiting = await running.store.read(await reads(_position), 1)
    return moment(read(waiting[0].state).time if waiting else running.clock.now())


async def _position(db: AsyncConnection) -> int:
    asked = "SELECT position FROM checkpoints WHERE projection = 'statements' AND source = 'training'"
    return int(await db.scalar(text(asked)) or 0)
