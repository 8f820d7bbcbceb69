"""Support requests on their way to an answer: triage, questions, the waiting list."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.assignments.api.asking import Prose
from services.assignments.api.support_requests import received
from services.assignments.domain.support_request import (
    AskForInformation,
    RecordInformation,
    ResumeRequest,
    TriageRequest,
    WaitlistRequest,
    support_request,
)
from shared.contracts.words.requests import Urgency, WaitlistReason
from shared.contracts.words.support import Area
from shared.kernel.call import Call, allows

router = APIRouter(prefix="/support-requests", tags=["support requests"])


class TriageBody(BaseModel):
    urgency: Urgency
    areas: tuple[Area, ...]


class QuestionBody(BaseModel):
    question: Prose
    answer_due_on: date


class AnswerBody(BaseModel):
    answer: Prose


class WaitlistBody(BaseModel):
    """`review_on` is the day on which the request is looked at again, at the latest."""

    reason: WaitlistReason
    review_on: date


@router.post("/{request_id}/triage", dependencies=[allows("coordinator", "manager")])
async def triage(request_id: UUID, body: TriageBody, call: Call) -> Response:
    """Judge how soon support is needed, and for what; judging anew replaces it."""
    return await call.decide(support_request, request_id, TriageRequest(body.urgency, body.areas, call.now))


@router.post("/{request_id}/ask", dependencies=[allows("coordinator", "manager")])
async def ask(request_id: UUID, body: QuestionBody, call: Call) -> Response:
    """Ask whoever asked for support; the request waits for the answer."""
    command = AskForInformation(body.question, body.answer_due_on, call.now)
    return await call.decide(support_request, request_id, command)


@router.post("/{request_id}/answer", dependencies=[allows("coordinator", "manager", "school", "parent")])
async def answer(request_id: UUID, body: AnswerBody, call: Call) -> Response:
    """Say what the agency wanted to know."""
    await received(call, request_id)
    return await call.decide(support_request, request_id, RecordInformation(body.answer, call.now))


@router.post("/{request_id}/waitlist", dependencies=[allows("coordinator", "manager")])
async def waitlist(request_id: UUID, body: WaitlistBody, call: Call) -> Response:
    """Put it on the waiting list, before it is taken on or while a mentor is sought."""
    return await call.decide(
        support_request, request_id, WaitlistRequest(body.reason, body.review_on, call.now)
    )


@router.post("/{request_id}/resume", dependencies=[allows("coordinator", "manager")])
async def resume(request_id: UUID, call: Call) -> Response:
    """Take it off the waiting list; it goes on where it stood."""
    return await call.decide(support_request, request_id, ResumeRequest(call.now))
