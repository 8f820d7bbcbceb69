"""A witness over HTTP: add-checkpoint for logs, and what was cosigned last for whoever asks."""

import asyncio
import logging
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.audit.witness.judging import Answer, Judge
from services.audit.witness.record import Cosigned
from services.audit.witness.request import LONGEST

SECONDS_FOR_A_BODY = 10.0

log = logging.getLogger("witness")


def build(judge: Judge) -> Starlette:
    async def add_checkpoint(request: Request) -> Response:
        try:
            async with asyncio.timeout(SECONDS_FOR_A_BODY):
                body = await _body(request)
        except TimeoutError:
            return _closing(Answer(408, "the request did not come in time\n"))
        except ClientDisconnect:
            return _closing(Answer(400, "the request was cut\n"))
        if body is None:
            return _closing(Answer(413, f"a request has at most {LONGEST} bytes\n"))
        answer = await run_in_threadpool(judge.add_checkpoint, body)
        log.info("%s %s", answer.status, answer.about)
        return _response(answer)

    async def status(request: Request) -> Response:
        logs = {origin: shown(latest) for origin, latest in judge.latest.items()}
        return JSONResponse({"name": judge.key.name, "vkey": judge.key.vkey(), "logs": logs})

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/status", status),
        ]
    )


def shown(latest: Cosigned | None) -> dict[str, Any] | None:
    """As JSON, with the note itself, so that nobody need believe the rest."""
    if latest is None:
        return None
    return {
        "size": latest.checkpoint.size,
        "root": b64encode(latest.checkpoint.root).decode(),
        "cosigned_at": datetime.fromtimestamp(latest.at, UTC).isoformat(),
        "note": latest.note.decode(),
    }


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is too long; what follows is not read."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > LONGEST:
            return None
    return bytes(found)


def _response(answer: Answer) -> Response:
    # The header is given whole: a charset behind text/x.tlog.size would not be the type that logs look for.
    return Response(answer.body, answer.status, headers={"Content-Type": answer.kind})


def _closing(answer: Answer) -> Response:
    """Ends the connection too: what is still to come of the request is not read."""
    return Response(answer.body, answer.status, headers={"Content-Type": answer.kind, "Connection": "close"})
