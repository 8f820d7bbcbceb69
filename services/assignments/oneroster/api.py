"""POST /assignments/imports/oneroster: a zip in, a report out; with progress when it is asked for."""

import asyncio
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, cast

import orjson
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.assignments.oneroster.importing import Asked, import_roster
from services.assignments.oneroster.report import RosterReport
from shared.kernel.call import allows
from shared.kernel.envelope import Origin
from shared.kernel.problems import KNOWN, Problem, body
from shared.kernel.running import Running
from shared.kernel.sealing.keyring import KeyringUnavailable
from shared.kernel.store import StoreUnavailable, VersionConflict

router = APIRouter(prefix="/imports", tags=["imports"])

PATH = "/imports/oneroster"
IN_MEMORY_BYTES = 4_000_000
LINES = "application/x-ndjson"
ZIPS = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
MOST_STUDENTS = 1_000
SourcedId = Annotated[str, Query(pattern=r"^[0-9A-Za-z._/@-]{1,255}$")]


@router.post(
    "/oneroster",
    dependencies=[allows("operator", "manager", "coordinator", "integrator")],
    response_model=RosterReport,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def take_over(
    request: Request,
    source: Annotated[str, Query(max_length=100, pattern=r"^[^\x00-\x1f]*$")] = "",
    student: Annotated[list[SourcedId], Query(max_length=MOST_STUDENTS)] = [],  # noqa: B006
    whole_classes: bool = False,
    end_absent: bool = False,
    dry_run: bool = False,
) -> Response:
    """Take over a OneRoster 1.2 CSV zip, whole or a delta; safe to repeat. `dry_run` only tells what it would do.

    `source` is the system it comes from, when the manifest has no source.systemCode. `student` names pupils to take
    over who are not alone with an aide in a class. `whole_classes`: a delta lists each class it touches in full.
    `end_absent`: end what a bulk leaves out. With `Accept: application/x-ndjson` lines of progress come before the
    report: {"progress": {"what", "done", "of"}}, then {"report": ...} or {"problem": ...}.
    """
    if not request.headers.get("idempotency-key"):
        raise Problem(400, "idempotency_key_missing", KNOWN["idempotency_key_missing"])
    if request.headers.get("content-type", "").split(";")[0].strip().lower() not in ZIPS:
        raise Problem(
            415,
            "unsupported_media_type",
            "send the zip itself as the body, with content-type application/zip",
        )
    asked = Asked(source, frozenset(student), whole_classes, end_absent, dry_run)
    file = cast(IO[bytes], SpooledTemporaryFile(IN_MEMORY_BYTES))  # noqa: SIM115  (closed when it is taken over)
    try:
        async for chunk in request.stream():
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    work = _Work(request, file, asked)
    if LINES in request.headers.get("accept", ""):
        return StreamingResponse(work.lines(), media_type=LINES)
    return Response((await work.report()).model_dump_json(), media_type="application/json")


class _Work:
    """One import: it goes on to its end, and what can't be taken over is a problem."""

    def __init__(self, request: Request, file: IO[bytes], asked: Asked) -> None:
        self._running: Running = request.app.state.running
        self._origin = Origin(
            region=self._running.settings.region,
            service=self._running.service,
            actor=str(request.state.actor),
            at=self._running.clock.now(),
            correlation_id=request.scope["state"]["correlation_id"],
            causation_id=request.headers["idempotency-key"],
        )
        self._file, self._asked = file, asked
        self._told: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    async def report(self) -> RosterReport:
        """Raises Problem 422, and what deciding raises."""
        try:
            return await import_roster(self._running, self._origin, self._file, self._asked, self._tell)
        finally:
            self._file.close()

    def _tell(self, what: str, done: int, of: int) -> None:
        self._told.put_nowait({"progress": {"what": what, "done": done, "of": of}})

    async def lines(self) -> AsyncIterator[bytes]:
        """Progress as it is made, and how it ended. Whoever stops listening stops nothing."""
        working = asyncio.ensure_future(self.report())
        working.add_done_callback(lambda _: self._told.put_nowait(None))
        while (told := await self._told.get()) is not None:
            yield orjson.dumps(told) + b"\n"
        try:
            yield b'{"report":' + (await working).model_dump_json().encode() + b"}\n"
        except Problem as problem:
            yield self._no(problem)
        except (StoreUnavailable, KeyringUnavailable, VersionConflict):
            said = "it was cut off; what is recorded stays, so send the same again to finish it"
            yield self._no(Problem(503, "store_unavailable", said))

    def _no(self, problem: Problem) -> bytes:
        return b'{"problem":' + body(problem, self._running.service) + b"}\n"
