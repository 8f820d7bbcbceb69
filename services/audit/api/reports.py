"""Reports over HTTP: issued, given out again, and rebuilt from the ledger to see whether they are the same."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.api.asking import eyes, refusal
from services.audit.api.questions import ASKERS
from services.audit.api.showing import start
from services.audit.domain.report import Issue, report
from services.audit.read_model import reports
from services.audit.read_model.evidence import Evidence
from services.audit.read_model.kinds import KINDS, Asked, parsed
from services.audit.read_model.reports import Written
from services.audit.read_model.timelines import Place
from shared.contracts.audit.report import ReportIssued
from shared.kernel.call import Call, CommandCall, Lookup, Reads, allows, seen
from shared.kernel.envelope import fact_in
from shared.kernel.paging import Cursor, Limit, page
from shared.kernel.problems import NotFound, Problem
from shared.kernel.recorded import Recorded
from shared.kernel.sight import sight

router = APIRouter(prefix="/reports", tags=["reports"], dependencies=[allows(*ASKERS)])


class IssueReport(BaseModel):
    """What is to be reported, as known when."""

    kind: str = Field(description=f"one of {', '.join(KINDS)}")
    asked: dict[str, str] = Field(
        default_factory=dict,
        description="what it is about, as the question takes it: child_id, on, from, to ...",
    )
    known_at: AwareDatetime | None = Field(None, description="only what was on record by then; default: now")
    verified: bool = Field(False, description="rest on nothing but facts inside the largest witnessed tree")


@router.post("", status_code=201, dependencies=[seen("ledger", "supports")])
async def issue(body: IssueReport, call: Call) -> Response:
    """Issue a report. On record are its digest and all that it takes to write it again."""
    moment = body.known_at or call.now
    seeing = eyes(call.reads, insist=True)
    asked = None
    try:
        asked = parsed(body.kind, body.asked, moment.date())
        written: Written = await call.reads(reports.write, body.kind, asked, moment, body.verified, seeing)
    except Exception as refused:
        raise refusal(refused, asked) from None
    report_id = call.new_id()
    fact = _fact(call, report_id, body.kind, asked, written)
    await call.reads(reports.keep, report_id, written.blind)
    show = {"report_id": str(report_id), "sha256": fact.sha256, "length": fact.length}
    location = "/audit/reports/{id}"
    answer = await call.decide(
        report, report_id, Issue(fact), status=201, location=location, show=show, new=True
    )
    if answer.status_code != 201 or orjson.loads(answer.body)["id"] != str(report_id):
        await call.reads(reports.drop, report_id)
    return answer


class Reports(BaseModel):
    """One page of reports, as they are on record."""

    items: list[dict[str, Any]]
    next: str | None


@router.get("", dependencies=[seen("ledger")])
async def issued_reports(
    reads: Reads,
    child_id: UUID | None = None,
    mentor_id: UUID | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Reports:
    """The reports that were issued, the earliest first; of a child or a mentor, or of all."""
    kind, subject = Asked(child_id, mentor_id).whose
    reads.shows(child_id=child_id, mentor_id=mentor_id)
    last = start(cursor)

    async def found(db: AsyncConnection) -> Sequence[Recorded[ReportIssued]]:
        evidence = Evidence(db, reads.running.clock.now())
        if kind is None or subject is None:
            return await evidence.of_kinds((ReportIssued,), last[0] if last else None)
        return await evidence.about(kind, [subject], (ReportIssued,))

    following = [one for one in await reads(found) if last is None or _place(one) > last]
    shown = page(following[: limit + 1], limit, lambda one: [one.recorded_at.isoformat(), *_place(one)[1:]])
    return Reports(items=[one.fact.model_dump(mode="json") for one in shown["items"]], next=shown["next"])


def _place(one: Recorded[ReportIssued]) -> Place:
    return one.recorded_at, one.source, one.position


@router.get("/{report_id}", response_class=Response)
async def given_out(report_id: UUID, reads: Reads) -> Response:
    """The bytes that were given out. 409 when they do not come out of the ledger any more: `rebuild` says why."""
    fact = await _issued(reads, report_id)
    body = None if fact.opens else await reads(reports.kept, report_id)
    if body is None:
        told, body = await _judged(reads, fact)
        if not told["identical"]:
            raise Problem(409, "not_identical", f"it can't be given out again: {'; '.join(told['why'])}")
    headers = {"Alongside-Sha256": fact.sha256, "ETag": f'"{fact.sha256}"'}
    return Response(body, headers=headers, media_type="application/json")


@router.get("/{report_id}/fact")
async def of_record(report_id: UUID, reads: Reads) -> dict[str, Any]:
    """What is on record of the report: what was asked, as known when, inside which tree, and the digest."""
    return (await _issued(reads, report_id)).model_dump(mode="json")


@router.get("/{report_id}/rebuild", dependencies=[seen("ledger", "supports")])
async def rebuild(report_id: UUID, reads: Reads) -> dict[str, Any]:
    """Write the report anew from the ledger as it was known then, and say whether it is the same byte for byte."""
    return (await _judged(reads, await _issued(reads, report_id)))[0]


async def _issued(reads: Lookup, report_id: UUID) -> ReportIssued:
    events = await reads.running.store.load(report_id)
    fact = fact_in(events[0].state) if events else None
    if not isinstance(fact, ReportIssued):
        raise NotFound("report", report_id)
    reads.shows(child_id=fact.child_id, mentor_id=fact.mentor_id)
    hidden = set(fact.opens) - sight().opens
    if hidden:
        raise Problem(
            403,
            "withheld",
            f"it shows {', '.join(sorted(hidden))}: withheld from you; Alongside-Purpose may say why you look",
        )
    return fact


async def _judged(reads: Lookup, fact: ReportIssued) -> tuple[dict[str, Any], bytes]:
    seeing = eyes(reads, insist=True).only(fact.opens)
    try:
        return await reads(reports.judged, fact, seeing)
    except Exception as refused:
        raise refusal(refused) from None


def _fact(call: CommandCall, report_id: UUID, kind: str, asked: Asked, written: Written) -> ReportIssued:
    found = written.found
    return ReportIssued(
        report_id=report_id,
        kind=kind,
        asked=asked.told(),
        known_at=found.known.at,
        on=asked.on,
        fold=KINDS[kind].fold,
        up_to=found.positions,
        ledger_size=found.tree.size if found.tree else None,
        ledger_root=found.tree.root if found.tree else None,
        witnessed_at=found.tree.witnessed_at if found.tree else None,
        verified=found.verified,
        opens=tuple(sorted(sight().opens)),
        sha256=written.sha256,
        length=len(written.body),
        issued_by=str(call.actor),
        issued_at=call.now,
        child_id=asked.child_id,
        mentor_id=asked.mentor_id,
        school_id=asked.school_id,
    )
