"""Over HTTP, on a real database: from a school's request to a mentor's leaving."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.assignments.api import support_requests
from services.assignments.domain.provision import Provision
from services.assignments.domain.support_request import TakeOnRequest, support_request
from shared.contracts.training.certification import CertificationRevoked
from shared.kernel.commands import execute
from shared.kernel.envelope import Envelope, read
from shared.kernel.projection import Issue
from tests.assignments.over_http import (
    ACCEPTANCE,
    FERNHOLLOW,
    accepted_child,
    agreed,
    assigned,
    engaged_mentor,
    handed_over,
    import_schools,
    offered,
    ready_mentor,
    said,
    shown,
)
from tests.assignments.story import AT, NEXT_MONDAY, TODAY
from tests.support.examples import example
from tests.support.people import ENGAGED_ON
from tests.support.served import Served


@pytest.fixture
async def service(assignments: Served, register: bytes) -> Served:
    await import_schools(assignments, register)
    return assignments


async def test_a_request_becomes_a_child_with_a_provision(service: Served) -> None:
    child_id = await accepted_child(service)
    child = await service.ask(f"/children/{child_id}", on=NEXT_MONDAY)
    assert (child["name"], child["school_id"], child["birth_date"]) == (
        "Ada Hartley",
        FERNHOLLOW,
        "2018-03-14",
    )
    assert child["provision"]["minutes_per_week"] == 900
    assert (await service.ask(f"/children/{child_id}", on=TODAY))["provision"] is None
    (request,) = (await service.ask("/support-requests", status="matching"))["items"]
    assert (request["child_id"], request["answered_at"]) == (child_id, "2026-09-01T09:00:00Z")
    more = {"minutes_per_week": 1200, "areas": ["academic"], "effective_from": "2027-01-04"}
    await service.done(f"/children/{child_id}/provisions", more)
    child = await service.ask(f"/children/{child_id}", on="2027-01-04")
    assert (child["provision"]["minutes_per_week"], len(child["provisions"])) == (1200, 2)
    assert await service.parked() == 0


async def test_accepting_again_with_the_same_key_answers_the_same(service: Served) -> None:
    body = {"school_id": FERNHOLLOW, "requester_kind": "parent", "child_name": "Ben", "needs": "Company."}
    asked = await service.done("/support-requests", body, role="parent", key="ask")
    assert (await service.done("/support-requests", body, role="parent", key="ask"))["child_id"] == asked[
        "child_id"
    ]
    path = f"/support-requests/{asked['request_id']}/take-on"
    first = await service.done(path, ACCEPTANCE, key="accept")
    assert first["facts"] == [
        "assignments.SupportRequestTriaged.v1",
        "assignments.SupportRequestTakenOn.v1",
        "assignments.ChildAccepted.v1",
        "assignments.ProvisionSpecified.v1",
    ]
    again = await service.done(path, ACCEPTANCE, key="accept")
    assert again == first
    fresh = await service.done(path, ACCEPTANCE)
    assert (fresh["position"], fresh["facts"]) == (first["position"], [])
    assert len(await service.facts()) == 12 + 6


@pytest.mark.parametrize("policy_first", [False, True])
async def test_accepting_answers_the_same_whether_the_request_or_the_policy_accepts_the_child(
    service: Served, monkeypatch: pytest.MonkeyPatch, policy_first: bool
) -> None:
    async def when_settled(*asked: Any, **origin: Any) -> Any:
        if policy_first:
            await service.settle()
        return await execute(*asked, **origin)

    monkeypatch.setattr(support_requests, "execute", when_settled)
    body = {"school_id": FERNHOLLOW, "requester_kind": "parent", "child_name": "Ben", "needs": "Company."}
    asked = await service.done("/support-requests", body, role="parent")
    path = f"/support-requests/{asked['request_id']}/take-on"
    first = await service.command(path, ACCEPTANCE, key="accept")
    before = len(await service.facts())
    again = await service.command(path, ACCEPTANCE, key="accept")
    for answer in (first, again):
        assert answer.json() == {
            "id": asked["request_id"],
            "child_id": asked["child_id"],
            "version": 3,
            "position": before,
            "facts": [
                "assignments.SupportRequestTriaged.v1",
                "assignments.SupportRequestTakenOn.v1",
                "assignments.ChildAccepted.v1",
                "assignments.ProvisionSpecified.v1",
            ],
        }
        assert (answer.status_code, answer.headers["alongside-position"]) == (200, str(before))
        assert answer.headers["location"] == f"/assignments/children/{asked['child_id']}"
    assert first.headers["etag"] == again.headers["etag"]
    actors = [event.actor for event in await accepted_by(service)]
    assert actors == (["policy:follow_request"] if policy_first else ["coordinator:ruth"])


async def accepted_by(service: Served) -> list[Envelope]:
    """The facts that accept a child, as they were stored."""
    found = [read(stored.state) for stored in await service.running.store.read(0)]
    return [event for event in found if event.type == "assignments.ChildAccepted.v1"]


async def test_a_child_is_accepted_also_when_the_process_died_in_between(service: Served) -> None:
    body = {"school_id": FERNHOLLOW, "requester_kind": "parent", "child_name": "Ben", "needs": "Company."}
    asked = await service.done("/support-requests", body, role="parent")
    accept = TakeOnRequest(date(2018, 3, 14), Provision(600, ("social",), NEXT_MONDAY), AT)
    issue = Issue(support_request, UUID(asked["request_id"]), accept)
    await service.issuer.issue(issue, actor="t", key="t", correlation_id="t", causation_id="t")
    await service.settle()
    assert (await service.ask(f"/children/{asked['child_id']}"))["name"] == "Ben"


async def test_a_request_is_declined_or_withdrawn(service: Served) -> None:
    body = {"school_id": FERNHOLLOW, "requester_kind": "parent", "child_name": "Ben", "needs": "Company."}
    for path, reason, status in (
        ("decline", "no_capacity", "declined"),
        ("withdraw", "child_moved", "withdrawn"),
    ):
        request_id = (await service.done("/support-requests", body))["request_id"]
        await service.done(f"/support-requests/{request_id}/{path}", {"reason": reason})
        found = await service.ask(f"/support-requests/{request_id}")
        assert (found["status"], found["reason"]) == (status, reason)
        answer = await service.command(f"/support-requests/{request_id}/take-on", ACCEPTANCE)
        assert said(answer)[:2] == (409, f"request_{status}")


async def test_a_closed_or_unknown_school_gets_no_request(service: Served) -> None:
    closed = (await service.ask("/schools", status="closed"))["items"][0]["school_id"]
    body = {"requester_kind": "school", "child_name": "Ben", "needs": "Company."}
    assert (
        said(await service.command("/support-requests", {**body, "school_id": closed}))[1]
        == "school_not_open"
    )
    unknown = await service.command("/support-requests", {**body, "school_id": str(uuid4())})
    assert said(unknown)[1] == "school_unknown"


async def test_an_unready_mentor_is_refused_with_every_item_and_date(service: Served) -> None:
    child_id, mentor_id = await accepted_child(service), await engaged_mentor(service)
    await service.hear("training", *shown(mentor_id, "ot", "dbs_enhanced"))
    lapsed = [fact.model_copy(update={"recheck_due_on": date(2026, 8, 31)}) for fact in shown(mentor_id)[1:2]]
    await service.hear("training", *lapsed)
    answer = await service.command("/offers", {"child_id": child_id, "mentor_id": mentor_id})
    status, code, detail = said(answer)
    assert (status, code) == (409, "mentor_not_deployable")
    assert "enhanced DBS lapsed on 2026-09-01; OT training missing" in detail
    assert answer.json()["items"] == [
        {"item": "dbs_enhanced", "name": "enhanced DBS", "status": "lapsed", "since": "2026-09-01"},
        {"item": "ot", "name": "OT training", "status": "missing", "since": None},
    ]
    shown_as = await service.ask(f"/mentors/{mentor_id}")
    assert [lack["said"] for lack in shown_as["shortfalls"]] == [
        "enhanced DBS lapsed on 2026-09-01",
        "OT training missing",
    ]
    assert (await service.ask(f"/mentors/{mentor_id}", on="2026-08-31"))["shortfalls"][0]["item"] == "ot"


async def test_a_revocation_between_offer_and_beginning_is_seen(service: Served) -> None:
    child_id, mentor_id = await accepted_child(service), await engaged_mentor(service)
    facts = shown(mentor_id)
    await service.hear("training", *facts)
    assignment_id = await agreed(service, child_id, mentor_id)
    slt = next(fact for fact in facts if getattr(fact, "track", "") == "slt")
    revoked = {
        **dict(example(CertificationRevoked)),
        **dict(slt),
        "revoked_on": TODAY,
        "reason": "not attended",
    }
    await service.hear("training", CertificationRevoked(**revoked))
    body = {"effective_from": str(NEXT_MONDAY)}
    answer = await service.command(f"/assignments/{assignment_id}/activate", body)
    assert "SLT training withdrawn on 2026-09-01" in said(answer)[2]


async def test_what_lapses_before_support_begins_is_seen(service: Served) -> None:
    child_id, mentor_id = await accepted_child(service), await engaged_mentor(service)
    await service.hear("training", *shown(mentor_id, "bed"))
    bed = next(fact for fact in shown(mentor_id) if getattr(fact, "track", "") == "bed")
    await service.hear("training", bed.model_copy(update={"valid_until": NEXT_MONDAY - timedelta(days=1)}))
    assignment_id = await agreed(service, child_id, mentor_id)
    body = {"effective_from": str(NEXT_MONDAY)}
    answer = await service.command(f"/assignments/{assignment_id}/activate", body)
    assert "BED training lapsed on 2026-09-07" in said(answer)[2]
    await service.done(f"/assignments/{assignment_id}/activate", {"effective_from": "2026-09-06"})


async def test_a_child_has_one_mentor_and_a_mentor_one_child(service: Served) -> None:
    ada, ben = await accepted_child(service), await accepted_child(service, "Ben")
    grace, noor = await ready_mentor(service), await ready_mentor(service, "Noor")
    await assigned(service, ada, grace)
    body = {"effective_from": str(NEXT_MONDAY)}
    second = await service.command(f"/assignments/{await agreed(service, ada, noor)}/activate", body)
    assert said(second)[:2] == (409, "child_already_assigned")
    assert "already has a mentor" in said(second)[2]
    other = await service.command(f"/assignments/{await agreed(service, ben, grace)}/activate", body)
    assert said(other)[:2] == (409, "mentor_already_assigned")
    assert "already supports a child" in said(other)[2]


async def test_a_successor_begins_on_the_day_the_predecessor_ends_and_never_before(service: Served) -> None:
    ada = await accepted_child(service)
    grace, noor = await ready_mentor(service), await ready_mentor(service, "Noor")
    first = await assigned(service, ada, grace)
    await service.done(f"/assignments/{first}/end", {"reason": "replaced", "ended_on": "2026-10-05"})
    await handed_over(service, first)
    second = await agreed(service, ada, noor)
    early = await service.command(f"/assignments/{second}/activate", {"effective_from": "2026-10-04"})
    assert said(early)[1] == "child_already_assigned"
    await service.done(f"/assignments/{second}/activate", {"effective_from": "2026-10-05"})
    for day, mentor in (("2026-10-04", grace), ("2026-10-05", noor)):
        found = await service.ask(f"/children/{ada}/coverage", on=day)
        assert [span["mentor_id"] for span in found["supporting"]] == [mentor]
    assert (await service.ask(f"/children/{ada}/coverage", on="2026-09-06"))["supporting"] == []


async def test_coverage_is_told_as_it_was_known(service: Served) -> None:
    ada, grace = await accepted_child(service), await ready_mentor(service)
    assignment_id = await assigned(service, ada, grace)
    service.clock.at = AT + timedelta(days=30)
    await service.done(
        f"/assignments/{assignment_id}/end", {"reason": "child_left", "ended_on": "2026-09-14"}
    )
    known: dict[str, Any] = {"on": "2026-09-20", "known_at": (AT + timedelta(days=29)).isoformat()}
    then = await service.ask(f"/children/{ada}/coverage", **known)
    assert [span["ended_on"] for span in then["supporting"]] == [None]
    now = await service.ask(f"/children/{ada}/coverage", on="2026-09-20")
    assert now["supporting"] == []
    assert [(span["ended_on"], span["reason"]) for span in now["spans"]] == [("2026-09-14", "child_left")]
    before: dict[str, Any] = {"known_at": (AT - timedelta(days=1)).isoformat()}
    assert (await service.ask(f"/children/{ada}/coverage", **before))["spans"] == []


async def test_who_leaves_supports_nobody(service: Served) -> None:
    ada, ben, grace = (
        await accepted_child(service),
        await accepted_child(service, "Ben"),
        await ready_mentor(service),
    )
    active, open_ = await assigned(service, ada, grace), await offered(service, ben, grace)
    await service.done(f"/mentors/{grace}/leave", {"left_on": "2026-12-19"})
    ended = await service.ask(f"/assignments/{active}")
    assert (ended["status"], ended["ended_on"], ended["reason"]) == ("ended", "2026-12-19", "mentor_left")
    assert (await service.ask(f"/assignments/{open_}"))["reason"] == "mentor_left"
    late = await service.command("/offers", {"child_id": ben, "mentor_id": grace})
    assert late.status_code == 201, "until the last day an offer is possible ..."
    found = await service.ask(f"/assignments/{late.json()['assignment_id']}")
    assert found["status"] == "cancelled", "... and comes to nothing"
    assert await service.parked() == 0


async def test_offers_are_listed_and_cancelled(service: Served) -> None:
    ada, grace = await accepted_child(service), await ready_mentor(service)
    assignment_id = await offered(service, ada, grace)
    (found,) = (await service.ask("/assignments", child_id=ada, mentor_id=grace, status="proposed"))["items"]
    assert (found["assignment_id"], found["role"]) == (assignment_id, "primary")
    await service.done(
        f"/offers/{assignment_id}/cancel", {"reason": "mentor_declined"}, role="mentor", name=grace
    )
    assert (await service.ask(f"/assignments/{assignment_id}"))["status"] == "cancelled"
    (mentor,) = (await service.ask("/mentors", deployable=True))["items"]
    assert mentor["mentor_id"] == grace
    assert (await service.ask("/mentors", deployable=False))["items"] == []
    assert mentor["engaged_on"] == str(ENGAGED_ON)


async def test_what_is_not_there_is_said(service: Served) -> None:
    for kind in ("schools", "support-requests", "children", "mentors", "assignments"):
        answer = await service.get(f"/{kind}/{uuid4()}")
        assert said(answer)[:2] == (404, "not_found")
    assert (await service.get(f"/children/{uuid4()}/coverage")).status_code == 404
    answer = await service.command(f"/assignments/{uuid4()}/activate", {"effective_from": "2026-09-07"})
    assert said(answer)[:2] == (404, "not_found")


async def test_lists_come_in_pages(service: Served) -> None:
    names, cursor = [], None
    while True:
        query: dict[str, Any] = {"limit": 5} | ({"cursor": cursor} if cursor else {})
        found = await service.ask("/schools", **query)
        names += [school["name"] for school in found["items"]]
        cursor = found["next"]
        if cursor is None:
            break
    assert len(names) == len(set(names)) == 12
    for wrong in ("x", "WzFd", "WyIxIiwiMiJd", "W1sxXSwyXQ=="):
        assert (await service.get("/schools", cursor=wrong)).status_code == 422
        assert (await service.get("/assignments", cursor=wrong)).status_code == 422


@pytest.mark.parametrize("name", ["", "  ", "a\u0000b", "x" * 201])
async def test_a_name_that_cannot_be_kept_is_refused(service: Served, name: str) -> None:
    body = {"name": name, "email": "g@example.org", "engaged_on": "2026-01-01"}
    answer = await service.command("/mentors", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"
    assert await service.parked() == 0


@pytest.mark.parametrize(("method", "path"), [("offers", "coordinator"), ("mentors", "manager")])
async def test_a_mentor_may_not_assign(service: Served, method: str, path: str) -> None:
    answer = await service.command(f"/{method}", {}, role="mentor")
    assert said(answer)[:2] == (403, "not_allowed")
    assert path in said(answer)[2]


async def test_who_leaves_sooner_than_support_was_to_end_leaves_sooner(service: Served) -> None:
    ada, ben = await accepted_child(service), await accepted_child(service, "Ben")
    grace, noor = await ready_mentor(service), await ready_mentor(service, "Noor")
    of_ada, of_ben = await assigned(service, ada, grace), await assigned(service, ben, noor)
    for link in (of_ada, of_ben):
        body = {"reason": "provision_ended", "ended_on": "2027-07-22"}
        await service.done(f"/assignments/{link}/end", body)
    await service.done(f"/mentors/{grace}/leave", {"left_on": "2026-12-01"})
    gone = {"reason": "support_no_longer_needed", "exited_on": "2026-11-01"}
    await service.done(f"/children/{ben}/exit", gone)
    ends = [(await service.ask(f"/assignments/{link}"))["ended_on"] for link in (of_ada, of_ben)]
    assert ends == ["2026-12-01", "2026-11-01"]
    absence = {"absent_from": "2026-09-14", "absent_until": "2026-09-15", "reason": "illness"}
    await service.done(f"/mentors/{noor}/absences", absence)
    (cover,) = (await service.ask("/covers", child_id=ben))["items"]
    assert cover["first_day"] == "2026-09-14", "until then the child is here, and may need cover"
    assert (await service.get(f"/children/{ben}")).json()["status"] == "exited"
