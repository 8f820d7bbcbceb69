"""Taking over completions from a CSV file: good rows are recorded, bad ones are told, and again changes nothing."""

import asyncio
import codecs
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from fastapi import APIRouter, Request
from pydantic import BaseModel

from services.training.api.fields import TRAINERS
from services.training.api.recording import Decided, Recorder, recorder
from services.training.domain.completions import Completion, Flaw, NotCompletions, read_completions
from services.training.domain.enrolment_commands import Complete, RecordCompletion
from services.training.read_model.completions import Enrolments, enrolments_on, mentors_named
from services.training.read_model.courses import taken_courses
from shared.kernel.call import Lookup, Reads, allows, seen
from shared.kernel.problems import Problem

router = APIRouter(tags=["enrolments"])
LARGEST_BYTES = 20_000_000
ROWS_AT_ONCE = 256
MOST_FLAWS = 5_000
_IMPORTED = UUID("2e0a0a35-6c19-5a0b-8d1c-9f7b6a1e4d52")


class Rejected(BaseModel):
    """A cell that keeps its row out; `column` is empty when the whole line is meant. Lines count from 1."""

    line: int
    column: str
    value: str
    reason: str


class CompletionsReport(BaseModel):
    """What became of each row: `read` = recorded + unchanged + rejected_rows.

    `rejected` lists the first 5,000 flaws. `position` is that of the last fact, for `after`.
    """

    read: int
    recorded: int
    unchanged: int
    rejected_rows: int
    rejected: list[Rejected]
    position: int


@dataclass(frozen=True, slots=True)
class Found:
    """A completion whose mentor and course are known."""

    row: Completion
    mentor_id: UUID
    course: Mapping[str, Any]

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return self.mentor_id, self.course["course_id"]


@router.post(
    "/completions/import",
    dependencies=[allows(*TRAINERS, "integrator", "operator"), seen("enrolments", "mentors", "courses")],
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def import_completions(request: Request, reads: Reads) -> CompletionsReport:
    """Take over completions (CSV, UTF-8 or Windows-1252): mentor, course, completed_on, evidence, and version.

    A mentor is named by id or e-mail address, a course by id or title; without a version its newest is meant.
    """
    record = recorder(request)
    if "multipart" in request.headers.get("content-type", ""):
        raise Problem(
            415, "unsupported_media_type", "send the file itself as the body, with content-type text/csv"
        )
    rows = read_completions(StringIO(_text(await request.body()), newline=""))
    courses = _by_name(await reads(taken_courses))
    counts: Counter[str] = Counter()
    flaws: list[Flaw] = []
    position, used = 0, set[UUID]()
    try:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            counts["read"] += len(batch)
            wrong = [flaw for row in batch if isinstance(row, tuple) for flaw in row]
            good = [row for row in batch if isinstance(row, Completion)]
            found, unknown = await _find(reads, good, courses)
            decided = await _record(reads, record, found, used)
            flaws += [*wrong, *unknown, *(_flaw(row, made) for row, made in decided if made.refused)]
            counts["recorded"] += sum(made.changed for _, made in decided)
            counts["unchanged"] += sum(not made.changed and not made.refused for _, made in decided)
            position = max([position, *(made.position for _, made in decided)])
    except NotCompletions as missing:
        errors = [{"field": name, "detail": "this column is missing"} for name in missing.missing]
        raise Problem(422, "invalid_completions", str(missing), errors=errors) from None
    told = sorted(flaws, key=lambda flaw: flaw.line)[:MOST_FLAWS]
    return CompletionsReport(
        read=counts["read"],
        recorded=counts["recorded"],
        unchanged=counts["unchanged"],
        rejected_rows=counts["read"] - counts["recorded"] - counts["unchanged"],
        rejected=[Rejected(line=f.line, column=f.column, value=f.value, reason=f.reason) for f in told],
        position=position,
    )


def _text(body: bytes) -> str:
    """UTF-8 when all of it is, else Windows-1252."""
    try:
        return codecs.decode(body, "utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def _by_name(courses: Sequence[Mapping[str, Any]]) -> dict[UUID | str, list[Mapping[str, Any]]]:
    """By id and by title; of one title the newest version first."""
    found: dict[UUID | str, list[Mapping[str, Any]]] = {}
    for course in sorted(courses, key=lambda course: -course["version"]):
        found.setdefault(course["course_id"], []).append(course)
        found.setdefault(course["title"].casefold(), []).append(course)
    return found


async def _find(
    reads: Lookup, rows: Sequence[Completion], courses: Mapping[UUID | str, list[Mapping[str, Any]]]
) -> tuple[list[Found], list[Flaw]]:
    known = await reads(mentors_named, {row.mentor for row in rows})
    found, flaws = [], []
    for row in rows:
        who = known.get(row.mentor, set())
        what = [c for c in courses.get(row.course, []) if row.version in (None, c["version"])]
        if len(who) != 1:
            reason = "is several mentors; name one by id" if who else "is no mentor of this region"
            flaws.append(Flaw(row.line, "mentor", str(row.mentor), reason))
        if not what:
            flaws.append(Flaw(row.line, "course", str(row.course), "is no course that was ever published"))
        if len(who) == 1 and what:
            found.append(Found(row, next(iter(who)), what[0]))
    return found, flaws


async def _record(
    reads: Lookup, record: Recorder, found: Sequence[Found], used: set[UUID]
) -> list[tuple[Completion, Decided]]:
    """Complete what is open; record by itself what nobody had assigned; leave alone what is known."""
    known = await reads(enrolments_on, [one.pair for one in found])
    today = reads.running.clock.now().date()
    deciding, rows, decided = [], [], []
    for one in found:
        row, taking = one.row, known.get(one.pair, Enrolments())
        if row.completed_on in taking.completed:
            decided.append((row, Decided(None)))
            continue
        opened = next(
            (key for key, since in taking.opened if since <= row.completed_on and key not in used), None
        )
        rows.append(row)
        if opened is not None:
            used.add(opened)
            deciding.append(record(opened, Complete(row.completed_on, row.evidence, on=today)))
            continue
        # made from what the row says, so that importing it again finds it
        stream = uuid5(_IMPORTED, f"{one.mentor_id}:{one.course['course_id']}:{row.completed_on}")
        command = RecordCompletion(
            enrolment_id=stream,
            mentor_id=one.mentor_id,
            course_id=one.course["course_id"],
            track=one.course["track"],
            completed_on=row.completed_on,
            evidence=row.evidence,
            on=today,
        )
        deciding.append(record(stream, command))
    return [*decided, *zip(rows, await asyncio.gather(*deciding), strict=True)]


def _flaw(row: Completion, made: Decided) -> Flaw:
    """A refusal, as a flaw of the cell that it is about."""
    assert made.refused is not None
    column = made.refused.code.removeprefix("invalid_")
    about = column if column in ("completed_on", "evidence") else ""
    value = str(getattr(row, about)) if about else ""
    return Flaw(row.line, about, value[:80], made.refused.message)
