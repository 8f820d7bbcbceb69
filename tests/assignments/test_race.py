"""Sixty-four callers at once: one of them gets the mentor, and one the child."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from tests.assignments.over_http import accepted_child, agreed, import_schools, ready_mentor, said
from tests.assignments.story import NEXT_MONDAY
from tests.support.served import REGION, Served

CALLERS = 64


async def activate(service: Served, assignment_id: str, key: str | None = None) -> httpx.Response:
    headers = {
        "Idempotency-Key": key or str(uuid4()),
        "Authorization": f"Bearer dev:coordinator:{REGION}:ruth",
    }
    body = {"effective_from": str(NEXT_MONDAY)}
    path = f"/assignments/assignments/{assignment_id}/activate"
    return await service.client.post(path, json=body, headers=headers)


async def claims(service: Served) -> list[str]:
    async with service.running.engine.connect() as db:
        return sorted((await db.execute(text("SELECT key FROM claims"))).scalars())


@pytest.mark.parametrize("contested", ["mentor", "child"])
async def test_of_64_callers_exactly_one_gets_it(
    assignments: Served, register: bytes, contested: str
) -> None:
    await import_schools(assignments, register)
    child_id, mentor_id = await accepted_child(assignments), await ready_mentor(assignments)
    offers = []
    for number in range(CALLERS):
        name = f"no {number}"
        if contested == "mentor":
            offers.append(await agreed(assignments, await accepted_child(assignments, name), mentor_id))
        else:
            offers.append(await agreed(assignments, child_id, await ready_mentor(assignments, name)))
    answers = await asyncio.gather(*(activate(assignments, offer) for offer in offers))
    won = [answer for answer in answers if answer.status_code == 200]
    lost = {said(answer)[:2] for answer in answers if answer.status_code != 200}
    assert len(won) == 1
    assert lost == {(409, f"{contested}_already_assigned")}
    assert (await assignments.facts()).count("assignments.MentorAssigned.v1") == 1
    held = await claims(assignments)
    assert {key.partition(":")[0] for key in held} == {"child", "handover", "mentor", "with"}
    assert len(held) == 4
    assert f"{contested}:{mentor_id if contested == 'mentor' else child_id}" in held


async def test_the_same_command_from_64_callers_is_carried_out_once(
    assignments: Served, register: bytes
) -> None:
    await import_schools(assignments, register)
    offer = await agreed(assignments, await accepted_child(assignments), await ready_mentor(assignments))
    answers = await asyncio.gather(*(activate(assignments, offer, "one key") for _ in range(CALLERS)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (await assignments.facts()).count("assignments.MentorAssigned.v1") == 1
