"""Over HTTP: a child moves to another region; and concerns that only the safeguarding lead reads."""

from uuid import uuid4

import pytest

from tests.assignments.over_http import accepted_child, assigned, import_schools, ready_mentor, said
from tests.assignments.story import NEXT_MONDAY
from tests.support.served import Served

OTHERS = ("mentor", "coordinator", "school", "parent", "manager", "auditor", "compliance", "operator")
WORRY = {"kind": "emotional", "details": "Ada does not want to go home."}


@pytest.fixture
async def service(assignments: Served, register: bytes) -> Served:
    await import_schools(assignments, register)
    return assignments


async def test_the_owning_region_changes_only_on_acceptance(service: Served) -> None:
    child_id, grace = await accepted_child(service), await ready_mentor(service)
    assignment_id = await assigned(service, child_id, grace)
    ask = {"child_id": child_id, "to_region": "uk-north", "reason": "family_moved"}
    transfer_id = (await service.done("/transfers", ask))["transfer_id"]
    path = f"/transfers/{transfer_id}"
    assert said(await service.command("/transfers", ask))[1] == "child_in_transfer"
    accept = {"effective_on": "2026-10-26"}
    without = await service.command(f"{path}/accept", accept, role="manager")
    assert said(without)[:2] == (409, "transfer_without_consent")
    assert (await service.ask(f"/children/{child_id}"))["region"] == "uk-london"
    await service.done(f"{path}/consent", {"given_by": "parent"})
    assert (await service.ask(f"/children/{child_id}"))["region"] == "uk-london"
    assert (await service.command(f"{path}/accept", accept)).status_code == 403
    await service.done(f"{path}/accept", accept, role="manager")
    child = await service.ask(f"/children/{child_id}")
    assert (child["region"], child["status"], child["reason"]) == ("uk-north", "exited", "transferred")
    ended = await service.ask(f"/assignments/{assignment_id}")
    assert (ended["status"], ended["reason"], ended["ended_on"]) == ("ended", "transferred", "2026-10-26")
    shown = await service.ask(path)
    assert (shown["status"], shown["effective_on"]) == ("accepted", "2026-10-26")
    assert shown["parent_consent_at"] is not None
    back = await service.command(f"/children/{child_id}/reopen", {"reopened_on": "2026-11-02"})
    assert said(back)[:2] == (409, "child_transferred")
    assert await service.parked() == 0


async def test_a_rejected_transfer_changes_nothing_and_can_be_asked_for_again(service: Served) -> None:
    child_id, grace = await accepted_child(service), await ready_mentor(service)
    assignment_id = await assigned(service, child_id, grace)
    ask = {"child_id": child_id, "to_region": "uk-north", "reason": "family_moved"}
    first = (await service.done("/transfers", ask))["transfer_id"]
    await service.done(f"/transfers/{first}/reject", {"reason": "no_capacity"}, role="manager")
    second = (await service.done("/transfers", ask))["transfer_id"]
    await service.done(f"/transfers/{second}/cancel", {"reason": "move_called_off"})
    assert (await service.ask(f"/children/{child_id}"))["region"] == "uk-london"
    assert (await service.ask(f"/assignments/{assignment_id}"))["status"] == "active"
    (listed,) = (await service.ask("/transfers", child_id=child_id, status="rejected"))["items"]
    assert (listed["transfer_id"], listed["answer_reason"]) == (first, "no_capacity")
    assert len((await service.ask("/transfers", to_region="uk-north"))["items"]) == 2
    unknown = {**ask, "child_id": str(uuid4())}
    assert said(await service.command("/transfers", unknown))[1] == "child_not_accepted"
    same = {**ask, "to_region": "uk-london"}
    assert said(await service.command("/transfers", same))[:2] == (422, "invalid_region")
    late = await service.command(
        f"/transfers/{first}/accept", {"effective_on": str(NEXT_MONDAY)}, role="manager"
    )
    assert said(late)[1] == "transfer_rejected"


async def test_many_raise_a_concern_and_only_the_lead_reads_it(service: Served) -> None:
    child_id = await accepted_child(service)
    ids = []
    for role in ("mentor", "coordinator", "school", "parent", "manager"):
        answer = await service.done("/concerns", {**WORRY, "child_id": child_id}, role=role)
        ids.append(answer["concern_id"])
    listed = await service.ask("/concerns", role="dsl", child_id=child_id)
    raised_by = {one["concern_id"]: one["raised_by"].split(":")[0] for one in listed["items"]}
    assert [raised_by.pop(one) for one in ids] == ["mentor", "coordinator", "school", "parent", "manager"]
    assert (listed["items"][0]["details"], raised_by) == (WORRY["details"], {})
    close = {"outcome": "early_help", "summary": "A family worker visits every week."}
    await service.done(f"/concerns/{ids[0]}/close", close, role="dsl")
    assert (await service.ask(f"/concerns/{ids[0]}", role="dsl"))["outcome"] == "early_help"
    assert len((await service.ask("/concerns", role="dsl", status="open"))["items"]) == 4
    child = await service.ask(f"/children/{child_id}")
    assert "oncern" not in str(child)


async def test_nobody_else_can_tell_whether_there_is_a_concern(service: Served) -> None:
    child_id = await accepted_child(service)
    there = (await service.done("/concerns", {**WORRY, "child_id": child_id}, role="mentor"))["concern_id"]
    close = {"outcome": "monitored", "summary": "Nothing."}
    for role in OTHERS:
        answers = []
        for concern_id in (there, str(uuid4())):
            shown = await service.get(f"/concerns/{concern_id}", role=role)
            closed = await service.command(f"/concerns/{concern_id}/close", close, role=role)
            answers.append([said(shown), said(closed)])
        assert answers[0] == answers[1]
        assert {code for _, code, _ in answers[0]} == {"not_allowed"}
        assert (await service.get("/concerns", role=role, child_id=child_id)).status_code == 403
        history = await service.get(f"/support-requests/{there}/history", role=role)
        assert history.status_code in (403, 404)
