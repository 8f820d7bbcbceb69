"""Over HTTP: a request on its whole way, and how it follows the offers for its child."""

from datetime import timedelta
from typing import Any

import pytest

from tests.assignments.over_http import (
    ACCEPTANCE,
    FERNHOLLOW,
    agreed,
    assigned,
    import_schools,
    offered,
    ready_mentor,
    said,
)
from tests.assignments.story import AT, NEXT_MONDAY, TODAY
from tests.support.served import Served

WISH = {
    "school_id": FERNHOLLOW,
    "requester_kind": "school",
    "requester_name": "Imogen Frost",
    "child_name": "Ada Hartley",
    "needs": "Help with speech.",
}


@pytest.fixture
async def service(assignments: Served, register: bytes) -> Served:
    await import_schools(assignments, register)
    return assignments


async def asked(service: Served, **other: Any) -> tuple[str, str]:
    """The path of a new request, and its child."""
    answer = await service.done("/support-requests", WISH | other, role="school")
    return f"/support-requests/{answer['request_id']}", str(answer["child_id"])


async def stage(service: Served, path: str) -> tuple[str, str]:
    """Where the request and its child stand."""
    request = await service.ask(path)
    child = await service.ask(f"/children/{request['child_id']}")
    return request["status"], child["status"]


async def test_from_triage_to_a_mentor_with_a_full_history(service: Served) -> None:
    path, child_id = await asked(service)
    assert await stage(service, path) == ("received", "referred")
    await service.done(f"{path}/triage", {"urgency": "urgent", "areas": ["social"]})
    question = {"question": "Which school from September?", "answer_due_on": str(NEXT_MONDAY)}
    await service.done(f"{path}/ask", question)
    assert (await service.ask(path))["next_step_on"] == str(NEXT_MONDAY)
    early = await service.command(f"{path}/take-on", ACCEPTANCE)
    assert said(early)[:2] == (409, "request_awaits_information")
    await service.done(f"{path}/answer", {"answer": "Fernhollow."}, role="school", name=FERNHOLLOW)
    later = str(TODAY + timedelta(days=30))
    await service.done(f"{path}/waitlist", {"reason": "no_mentor_free", "review_on": later})
    assert (await service.ask(path))["next_step_on"] == later
    await service.done(f"{path}/resume")
    await service.done(f"{path}/take-on", ACCEPTANCE)
    assert await stage(service, path) == ("matching", "accepted")
    grace = await ready_mentor(service)
    assignment_id = await offered(service, child_id, grace)
    assert (await service.ask(path))["status"] == "offered"
    await service.done(f"/offers/{assignment_id}/accept")
    assert await stage(service, path) == ("accepted", "accepted")
    await service.done(f"/assignments/{assignment_id}/activate", {"effective_from": str(NEXT_MONDAY)})
    assert await stage(service, path) == ("fulfilled", "active")
    found = await service.ask(path)
    assert (found["assignment_id"], found["fulfilled_on"]) == (assignment_id, str(NEXT_MONDAY))
    steps = [step["fact"].split(".")[1] for step in await whole(service, f"{path}/history")]
    assert steps == [
        "SupportRequestReceived",
        "SupportRequestTriaged",
        "InformationRequested",
        "InformationReceived",
        "SupportRequestWaitlisted",
        "SupportRequestResumed",
        "SupportRequestTakenOn",
        "SupportRequestOffered",
        "SupportRequestAccepted",
        "SupportRequestFulfilled",
    ]
    assert await service.parked() == 0


async def whole(service: Served, path: str) -> list[dict[str, Any]]:
    """A list, page by page."""
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = await service.ask(path, **query)
        found += page["items"]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


async def test_a_history_says_who_did_what_and_is_of_requests_alone(service: Served) -> None:
    path, child_id = await asked(service)
    await service.done(f"{path}/triage", {"urgency": "soon", "areas": ["social"]})
    first, second = (await service.ask(f"{path}/history"))["items"]
    assert (first["number"], first["by"], second["by"]) == (1, "school:ruth", "coordinator:ruth")
    assert first["data"]["requester_name"] == "Imogen Frost"
    assert second["data"]["urgency"] == "soon"
    other = await service.get(f"/support-requests/{child_id}/history")
    assert said(other)[:2] == (404, "not_found")
    assert (await service.get(f"{path}/history", role="school")).status_code == 403
    assert (await service.get(f"{path}/history", cursor="x")).status_code == 422


async def test_a_declined_offer_and_one_undone_bring_the_request_back(service: Served) -> None:
    path, child_id = await asked(service)
    await service.done(f"{path}/take-on", ACCEPTANCE)
    grace, noor = await ready_mentor(service), await ready_mentor(service, "Noor")
    first, second = await offered(service, child_id, grace), await agreed(service, child_id, noor)
    assert (await service.ask(path))["status"] == "accepted"
    await service.done(f"/offers/{second}/cancel", {"reason": "parent_declined"})
    assert (await service.ask(path))["status"] == "offered"
    await service.done(f"/offers/{first}/cancel", {"reason": "school_declined"})
    assert (await service.ask(path))["status"] == "matching"
    third = await assigned(service, child_id, grace)
    assert (await service.ask(path))["status"] == "fulfilled"
    undone = {"reason": "made_in_error", "ended_on": str(NEXT_MONDAY)}
    await service.done(f"/assignments/{third}/end", undone)
    assert (await service.ask(path))["status"] == "matching"
    assert await service.parked() == 0


async def test_a_withdrawn_request_lets_child_and_offer_go(service: Served) -> None:
    path, child_id = await asked(service)
    await service.done(f"{path}/take-on", ACCEPTANCE)
    grace = await ready_mentor(service)
    assignment_id = await agreed(service, child_id, grace)
    await service.done(f"{path}/withdraw", {"reason": "child_moved"}, role="parent", name=child_id)
    assert await stage(service, path) == ("withdrawn", "exited")
    found = await service.ask(f"/assignments/{assignment_id}")
    assert (found["status"], found["reason"]) == ("cancelled", "request_closed")
    body = {"child_id": child_id, "mentor_id": grace}
    assert said(await service.command("/offers", body))[1] == "child_not_accepted"
    other, _ = await asked(service, child_name="Ben")
    await service.done(f"{other}/decline", {"reason": "no_capacity"})
    assert await stage(service, other) == ("declined", "exited")
    assert await service.parked() == 0


async def test_a_child_who_left_is_asked_for_again(service: Served) -> None:
    path, child_id = await asked(service)
    again = {**WISH, "child_id": child_id}
    twice = await service.command("/support-requests", again)
    assert said(twice)[1] == "child_already_referred"
    await service.done(f"{path}/take-on", ACCEPTANCE, key="take-on")
    assert said(await service.command("/support-requests", again))[1] == "child_already_supported"
    leave = {"reason": "moved_away", "exited_on": str(TODAY)}
    await service.done(f"/children/{child_id}/exit", leave)
    repeated = await service.done(f"{path}/take-on", ACCEPTANCE, key="take-on")
    assert repeated["facts"][-1] == "assignments.ProvisionSpecified.v1"
    assert (await service.ask(f"/children/{child_id}"))["status"] == "exited", "a retry brings nobody back"
    back, same = await asked(service, child_id=child_id)
    assert same == child_id
    answer = await service.done(f"{back}/take-on", ACCEPTANCE)
    assert "assignments.ChildReopened.v1" in answer["facts"]
    child = await service.ask(f"/children/{child_id}")
    assert (child["status"], back.endswith(child["request_id"])) == ("accepted", True)
    unknown = await service.command("/support-requests", {**WISH, "child_id": path.rsplit("/", 1)[1]})
    assert said(unknown)[:2] == (404, "not_found")
    assert await service.parked() == 0


async def test_requests_are_found_by_stage_urgency_school_and_next_step(service: Served) -> None:
    first, _ = await asked(service)
    service.clock.at += timedelta(seconds=1)
    second, child_id = await asked(service, child_name="Ben")
    await service.done(f"{first}/triage", {"urgency": "urgent", "areas": ["social"]})
    later = str(TODAY + timedelta(days=14))
    await service.done(f"{first}/waitlist", {"reason": "awaiting_funding", "review_on": later})

    async def ids(**query: Any) -> list[str]:
        found = await service.ask("/support-requests", **query)
        return [f"/support-requests/{one['request_id']}" for one in found["items"]]

    assert await ids() == [first, second]
    assert await ids(status="waitlisted") == [first]
    assert await ids(urgency="urgent") == [first]
    assert await ids(child_id=child_id) == [second]
    assert await ids(school_id=FERNHOLLOW, status="received") == [second]
    assert await ids(school_id=child_id) == []
    assert await ids(next_step_by=later) == [first]
    assert await ids(next_step_by=AT.date()) == []
