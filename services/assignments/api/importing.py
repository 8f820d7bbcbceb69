"""Taking over a register: the body streams to disk, its rows are decided in batches, bad ones are told."""

import asyncio
import codecs
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from io import TextIOWrapper
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from fastapi import Request
from pydantic import BaseModel

from services.assignments.domain.register import Flaw, NotARegister, read_register
from services.assignments.domain.school import RecordSchool, school
from shared.contracts.assignments.school import SchoolDetails, SchoolRegistered
from shared.kernel.commands import Outcome, execute
from shared.kernel.envelope import Origin
from shared.kernel.problems import KNOWN, Problem
from shared.kernel.running import Running

LARGEST_BYTES = 200_000_000  # the whole English register has some 60 million
IN_MEMORY_BYTES = 4_000_000
ROWS_AT_ONCE = 256
MOST_FLAWS = 5_000


class Rejected(BaseModel):
    """A cell that keeps its row out; `column` is empty when the whole line is meant. Lines count from 1."""

    line: int
    column: str
    value: str
    reason: str


class ImportReport(BaseModel):
    """What became of each row: `read` = registered + changed + unchanged + rejected_rows.

    `rejected` lists the first 5,000 flaws. `position` is that of the last fact, for `after`.
    """

    read: int
    registered: int
    changed: int
    unchanged: int
    rejected_rows: int
    rejected: list[Rejected]
    position: int


async def import_register(request: Request) -> ImportReport:
    """Import the register in the request's body. Raises Problem 400, 415 or 422."""
    key = request.headers.get("idempotency-key", "")
    if not key:
        raise Problem(400, "idempotency_key_missing", KNOWN["idempotency_key_missing"])
    if "multipart" in request.headers.get("content-type", ""):
        raise Problem(
            415, "unsupported_media_type", "send the file itself as the body, with content-type text/csv"
        )
    running: Running = request.app.state.running
    origin = Origin(
        region=running.settings.region,
        service=running.service,
        actor=str(request.state.actor),
        at=running.clock.now(),
        correlation_id=request.scope["state"]["correlation_id"],
        causation_id=key,
    )
    with SpooledTemporaryFile(IN_MEMORY_BYTES) as file:
        encoding = await _receive(request, cast(IO[bytes], file))
        file.seek(0)
        text = TextIOWrapper(cast(IO[bytes], file), encoding, errors="replace", newline="")
        try:
            return await _import(running, origin, text)
        except NotARegister as wrong:
            errors = [{"field": name, "detail": "this column is missing"} for name in wrong.missing]
            raise Problem(422, "invalid_register", str(wrong), errors=errors) from None


async def _receive(request: Request, file: IO[bytes]) -> str:
    """Keep the body, and tell its encoding: UTF-8 when all of it is, else Windows-1252."""
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    async for chunk in request.stream():
        file.write(chunk)
        utf8 = _still(utf8, chunk)
    return "utf-8-sig" if _still(utf8, b"", last=True) else "cp1252"


def _still(
    decoder: codecs.IncrementalDecoder | None, chunk: bytes, last: bool = False
) -> codecs.IncrementalDecoder | None:
    try:
        if decoder is not None:
            decoder.decode(chunk, last)
    except UnicodeDecodeError:
        return None
    return decoder


async def _import(running: Running, origin: Origin, text: TextIOWrapper) -> ImportReport:
    counts: Counter[str] = Counter()
    flaws: list[Flaw] = []
    position = 0
    rows = read_register(text)
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        counts["read"] += len(batch)
        for row in batch:
            counts["rejected_rows"] += row.school is None
            flaws += row.flaws[: max(0, MOST_FLAWS - len(flaws))]
        async for outcome in _record(running, origin, [row.school for row in batch if row.school]):
            counts[_became(outcome)] += 1
            position = max(position, outcome.position)
    return ImportReport(
        read=counts["read"],
        registered=counts["registered"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        rejected_rows=counts["rejected_rows"],
        rejected=[Rejected(line=f.line, column=f.column, value=f.value, reason=f.reason) for f in flaws],
        position=position,
    )


async def _record(
    running: Running, origin: Origin, schools: Sequence[SchoolDetails]
) -> AsyncIterator[Outcome]:
    """Decide on all of them at once, so that the store can commit them together."""
    deciding = [
        execute(
            running.store,
            school,
            details.school_id,
            RecordSchool(details),
            origin=origin,
            sealer=running.sealer,
        )
        for details in schools
    ]
    for outcome in await asyncio.gather(*deciding):
        yield outcome


def _became(outcome: Outcome) -> str:
    if not outcome.facts:
        return "unchanged"
    return "registered" if isinstance(outcome.facts[0], SchoolRegistered) else "changed"
