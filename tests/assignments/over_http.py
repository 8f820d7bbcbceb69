"""Steps of a story over HTTP: schools, an accepted child, a mentor who can show everything."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx

from services.assignments.domain.school import school_id
from shared.contracts.eligibility import CLEARANCES, TRACKS, Item
from shared.contracts.fact import Fact
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.standing import MentorCleared
from tests.assignments.story import NEXT_MONDAY
from tests.support.examples import example
from tests.support.people import ENGAGED_ON
from tests.support.served import REGION, Served

FERNHOLLOW = str(school_id(990001))
ACCEPTANCE = {
    "birth_date": "2018-03-14",
    "minutes_per_week": 900,
    "areas": ["speech_and_language", "social"],
    "effective_from": str(NEXT_MONDAY),
}


async def import_schools(service: Served, register: bytes, **headers: str) -> httpx.Response:
    known = {"Idempotency-Key": str(uuid4()), "Authorization": f"Bearer dev:operator:{REGION}:olu"}
    known["Content-Type"] = "text/csv"
    answer = await service.client.post(
        "/assignments/schools/import", content=register, headers=known | headers, timeout=120
    )
    await service.settle()
    return answer


async def accepted_child(service: Served, name: str = "Ada Hartley") -> str:
    body = {
        "school_id": FERNHOLLOW,
        "requester_kind": "school",
        "child_name": name,
        "needs": "Help with speech.",
    }
    asked = await service.done("/support-requests", body, role="school")
    answer = await service.done(f"/support-requests/{asked['request_id']}/take-on", ACCEPTANCE)
    assert answer["child_id"] == asked["child_id"]
    return str(answer["child_id"])


async def engaged_mentor(service: Served, name: str = "Grace Okafor") -> str:
    body = {"name": name, "email": "mentor@example.org", "engaged_on": str(ENGAGED_ON)}
    return str((await service.done("/mentors", body))["mentor_id"])


def shown(mentor_id: str, *without: Item) -> list[Fact]:
    """What training publishes of a mentor who can show everything, without these items."""
    of = {"mentor_id": UUID(mentor_id)}
    lasting = {"valid_from": ENGAGED_ON, "valid_until": None}
    facts: list[Fact] = [
        example(ClearanceRecorded).model_copy(
            update=of | {"kind": kind, "issued_on": ENGAGED_ON, "recheck_due_on": None}
        )
        for kind in CLEARANCES
        if kind not in without
    ]
    facts += [
        example(CertificationGranted).model_copy(
            update=of | lasting | {"track": track, "certification_id": uuid4()}
        )
        for track in TRACKS
        if track not in without
    ]
    return facts if without else [*facts, example(MentorCleared).model_copy(update=of)]


async def ready_mentor(service: Served, name: str = "Grace Okafor") -> str:
    mentor_id = await engaged_mentor(service, name)
    await service.hear("training", *shown(mentor_id))
    return mentor_id


async def offered(service: Served, child_id: str, mentor_id: str) -> str:
    answer = await service.done("/offers", {"child_id": child_id, "mentor_id": mentor_id})
    return str(answer["assignment_id"])


async def agreed(service: Served, child_id: str, mentor_id: str) -> str:
    assignment_id = await offered(service, child_id, mentor_id)
    await service.done(f"/offers/{assignment_id}/accept")
    return assignment_id


async def assigned(service: Served, child_id: str, mentor_id: str, effective_from: date = NEXT_MONDAY) -> str:
    assignment_id = await agreed(service, child_id, mentor_id)
    await service.done(f"/assignments/{assignment_id}/activate", {"effective_from": str(effective_from)})
    return assignment_id


async def handed_over(service: Served, assignment_id: str) -> None:
    body = {"summary": "Picture cards before a change of room."}
    await service.done(f"/assignments/{assignment_id}/handover", body)


def said(answer: httpx.Response) -> tuple[int, str, Any]:
    problem = answer.json()
    return answer.status_code, problem["code"], problem["detail"]
