"""A mentor shows what is needed, over HTTP."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.eligibility import CLEARANCES, TRACKS, Item
from tests.support.served import Served

TODAY = date(2026, 1, 5)
TRAINER, COMPLIANCE = {"role": "trainer"}, {"role": "compliance"}


async def publish(training: Served, track: Item, months: int | None = 12, title: str = "") -> str:
    body = {"track": track, "title": title or f"All about {track}", "valid_months": months}
    found: str = (await training.done("/courses", body, **TRAINER))["course_id"]
    return found


async def complete(training: Served, mentor_id: UUID, course_id: str, on: date) -> dict[str, Any]:
    body = {"mentor_id": str(mentor_id), "course_id": course_id, "due_on": str(on + timedelta(days=30))}
    enrolled = await training.done("/enrolments", body, **TRAINER)
    done = {"completed_on": str(on), "evidence": "sheet 7"}
    return await training.done(f"/enrolments/{enrolled['enrolment_id']}/completion", done, **TRAINER)


async def record(training: Served, mentor_id: UUID, kind: Item, until: date | None = None) -> dict[str, Any]:
    body = {"kind": kind, "issued_on": str(TODAY), "reference": "123"}
    if until:
        body["recheck_due_on"] = str(until)
    return await training.done(f"/mentors/{mentor_id}/clearances", body, **COMPLIANCE)


async def clear(training: Served, mentor_id: UUID, *but: Item) -> dict[Item, str]:
    """Show everything, `but` these; the courses by track."""
    for kind in CLEARANCES:
        if kind not in but:
            await record(training, mentor_id, kind)
    courses = {}
    for track in TRACKS:
        courses[track] = await publish(training, track, None if track == "induction" else 12)
        if track not in but:
            await complete(training, mentor_id, courses[track], TODAY)
    return courses


async def stands(training: Served, mentor_id: UUID, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = await training.ask(f"/mentors/{mentor_id}/compliance", **query)
    return found
