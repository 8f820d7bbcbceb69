"""Over HTTP: a mentor, a school and a parent see and decide what is theirs, and nothing of anybody else's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shared.contracts.training.standing import MentorSuspended
from tests.assignments.over_http import (
    FERNHOLLOW,
    accepted_child,
    agreed,
    assigned,
    import_schools,
    offered,
    ready_mentor,
    said,
)
from tests.assignments.story import NEXT_MONDAY
from tests.support.examples import example
from tests.support.served import Served

ELSEWHERE = str(uuid4())


@pytest.fixture
async def service(assignments: Served, register: bytes) -> Served:
    await import_schools(assignments, register)
    return assignments


async def test_a_mentor_sees_the_children_they_are_with_and_their_own_record_alone(service: Served) -> None:
    ada, grace, noor = await accepted_child(service), await ready_mentor(service), await ready_mentor(service)
    link = await assigned(service, ada, grace)
    service.clock.at = datetime.combine(NEXT_MONDAY, datetime.min.time(), UTC) + timedelta(hours=7)
    absence = {"absent_from": str(NEXT_MONDAY), "absent_until": str(NEXT_MONDAY + timedelta(days=1))}
    for path in (f"/children/{ada}", f"/children/{ada}/reviews", f"/children/{ada}/absences"):
        assert (await service.get(path, role="mentor", name=grace)).status_code == 200, path
        assert said(await service.get(path, role="mentor", name=noor))[:2] == (403, "plan_not_open"), path
    told = await service.command(
        f"/children/{ada}/absences", absence | {"reason": "illness"}, role="mentor", name=noor
    )
    assert said(told)[:2] == (403, "plan_not_open")
    for path in (f"/mentors/{grace}", f"/assignments/{link}"):
        assert (await service.get(path, role="mentor", name=grace)).status_code == 200, path
        assert said(await service.get(path, role="mentor", name=noor))[:2] == (403, "not_allowed"), path
    body = {"summary": "Nothing to tell."}
    other = await service.command(f"/assignments/{link}/handover", body, role="mentor", name=noor)
    assert said(other)[:2] == (403, "not_allowed"), "nobody hands over for somebody else"
    suspended = example(MentorSuspended).model_copy(
        update={"mentor_id": UUID(grace), "suspended_on": NEXT_MONDAY}
    )
    await service.hear("training", suspended)
    closed = await service.get(f"/children/{ada}/plan", role="mentor", name=grace)
    assert said(closed)[:2] == (403, "plan_not_open")
    assert "suspended" in said(closed)[2]
    (mine,) = (await service.ask("/covers", role="mentor", name=noor, mentor_id=noor))["items"]
    assert (mine["reason"], mine["absent_mentor_id"]) == ("other", None), (
        "a colleague's suspension is not told"
    )
    assert (await service.ask(f"/covers/{mine['cover_id']}"))["reason"] == "mentor_suspended"
    assert (await service.get("/covers", role="mentor", name=noor)).status_code == 403


async def test_cover_that_others_were_asked_for_is_not_shown(service: Served) -> None:
    ada, noor, peter = await accepted_child(service), await ready_mentor(service), await ready_mentor(service)
    body = {"child_id": ada, "form": "individual", "asked": [noor], "days": [str(NEXT_MONDAY)]}
    path = f"/covers/{(await service.done('/covers', body))['cover_id']}"
    assert (await service.ask(path, role="mentor", name=noor))["asked"] == [noor]
    assert said(await service.get(path, role="mentor", name=peter))[:2] == (403, "not_allowed")


async def test_an_offer_is_agreed_to_by_those_whom_it_concerns(service: Served) -> None:
    ada, grace = await accepted_child(service), await ready_mentor(service)
    path = f"/offers/{await offered(service, ada, grace)}"
    for role in ("mentor", "school", "parent"):
        for step, body in (("accept", None), ("cancel", {"reason": "replaced"})):
            answer = await service.command(f"{path}/{step}", body, role=role, name=ELSEWHERE)
            assert said(answer)[:2] == (403, "not_allowed"), role
    await service.done(f"{path}/accept", role="school", name=FERNHOLLOW)
    await service.done(f"{path}/cancel", {"reason": "parent_declined"}, role="parent", name=ada)
    await service.done(f"/offers/{await agreed(service, ada, grace)}/accept", role="mentor", name=grace)


async def test_a_request_and_absences_are_those_of_the_family_and_the_school(service: Served) -> None:
    ask = {"school_id": FERNHOLLOW, "requester_kind": "parent", "child_name": "Ben", "needs": "Company."}
    asked = await service.done("/support-requests", ask, role="parent")
    path = f"/support-requests/{asked['request_id']}"
    for role in ("school", "parent"):
        answer = await service.command(
            f"{path}/withdraw", {"reason": "child_moved"}, role=role, name=ELSEWHERE
        )
        assert said(answer)[:2] == (403, "not_allowed")
        assert (await service.command(f"{path}/answer", {"answer": "Yes."}, role=role)).status_code == 403
    ada = await accepted_child(service)
    absence = {"absent_from": "2026-09-08", "absent_until": "2026-09-09", "reason": "illness"}
    for role, name in (("school", ELSEWHERE), ("parent", asked["child_id"])):
        answer = await service.command(f"/children/{ada}/absences", absence, role=role, name=name)
        assert said(answer)[:2] == (403, "not_allowed")
    await service.done(f"/children/{ada}/absences", absence, role="school", name=FERNHOLLOW)
    assert (await service.get(f"/children/{ada}/absences", role="school", name=ELSEWHERE)).status_code == 403
