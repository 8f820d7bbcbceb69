"""Over HTTP: a child's plan and reviews, pauses, leaving, coming back, absences."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.assignments.over_http import (
    FERNHOLLOW,
    accepted_child,
    assigned,
    import_schools,
    offered,
    ready_mentor,
    said,
)
from tests.assignments.story import NEXT_MONDAY, TODAY
from tests.support.served import Served


@pytest.fixture
async def service(assignments: Served, register: bytes) -> Served:
    await import_schools(assignments, register)
    return assignments


def names(facts: list[str]) -> list[str]:
    return [topic.split(".")[1] for topic in facts]


async def test_reviews_fall_due_and_are_held(service: Served) -> None:
    child_id = await accepted_child(service)
    path = f"/children/{child_id}"
    outcomes = [{"area": "social", "text": "Ada asks other children to play."}]
    plan = {
        "minutes_per_week": 600,
        "areas": ["social"],
        "effective_from": str(TODAY),
        "outcomes": outcomes,
        "next_review_on": "2026-10-05",
    }
    await service.done(f"{path}/provisions", plan)
    shown = (await service.ask(path))["provision"]
    assert [found["text"] for found in shown["outcomes"]] == ["Ada asks other children to play."]
    assert (await service.ask("/reviews"))["items"] == []
    await service.pass_time(datetime(2026, 10, 5, 6, 0, tzinfo=UTC))
    assert names(await service.facts())[-1] == "PlanReviewDue"
    (due,) = (await service.ask("/reviews"))["items"]
    assert (due["child_id"], due["next_review_on"]) == (child_id, "2026-10-05")
    review = {"reviewed_on": "2026-10-05", "decision": "continue", "summary": "Ada asks one child."}
    await service.done(f"{path}/reviews", review)
    assert (await service.ask("/reviews"))["items"] == []
    (coming,) = (await service.ask("/reviews", due_by="2026-12-28", school_id=FERNHOLLOW))["items"]
    assert coming["next_review_on"] == "2026-12-28"
    (held,) = (await service.ask(f"{path}/reviews"))["items"]
    assert (held["decision"], held["next_review_on"]) == ("continue", "2026-12-28")
    ended = {"reviewed_on": "2026-10-05", "decision": "end", "summary": "All is reached."}
    await service.done(f"{path}/reviews", ended)
    count = len(await service.facts())
    await service.pass_time(datetime(2027, 6, 1, tzinfo=UTC))
    assert len(await service.facts()) == count, "nothing is reviewed after the end"
    assert len((await service.ask(f"{path}/reviews"))["items"]) == 2
    assert await service.parked() == 0


async def test_nobody_is_reminded_of_a_child_who_left(service: Served) -> None:
    child_id = await accepted_child(service)
    leave = {"reason": "funding_ended", "exited_on": str(TODAY)}
    await service.done(f"/children/{child_id}/exit", leave)
    await service.pass_time(datetime(2027, 6, 1, tzinfo=UTC))
    assert "PlanReviewDue" not in names(await service.facts())


async def test_mentors_rest_with_the_child_and_leave_with_it(service: Served) -> None:
    child_id, grace = await accepted_child(service), await ready_mentor(service)
    path, assignment_id = f"/children/{child_id}", await assigned(service, child_id, grace)
    pause = {"reason": "illness", "paused_from": "2026-09-21", "review_on": "2026-10-05"}
    await service.done(f"{path}/pause", pause)
    assert (await service.ask(path))["status"] == "paused"
    assert (await service.ask(f"/assignments/{assignment_id}"))["status"] == "paused"
    await service.done(f"{path}/resume", {"resumed_on": "2026-10-07"})
    assert (await service.ask(path))["status"] == "active"
    assert (await service.ask(f"/assignments/{assignment_id}"))["status"] == "active"
    await service.done(f"{path}/exit", {"reason": "outcomes_reached", "exited_on": "2026-12-18"})
    ended = await service.ask(f"/assignments/{assignment_id}")
    assert (ended["status"], ended["ended_on"], ended["reason"]) == (
        "ended",
        "2026-12-18",
        "outcomes_reached",
    )
    refused = await service.command(f"{path}/pause", pause)
    assert said(refused)[:2] == (409, "child_exited")
    await service.done(f"{path}/reopen", {"reopened_on": "2027-01-04"})
    assert (await service.ask(path))["status"] == "accepted"
    await offered(service, child_id, grace)
    assert await service.parked() == 0


async def test_a_profile_and_absences_are_on_record(service: Served) -> None:
    child_id = await accepted_child(service)
    path = f"/children/{child_id}"
    assert (await service.ask(path))["profile"] is None
    profile = {"needs": ["autism"], "curriculum_level": "key_stage_2", "languages": ["en", "bfi"]}
    await service.done(f"{path}/profile", profile)
    shown = (await service.ask(path))["profile"]
    assert {name: shown[name] for name in profile} == profile
    wrong = await service.command(f"{path}/profile", {"needs": [], "languages": ["English"]})
    assert wrong.status_code == 422
    for first, back, reason in (
        ("2026-09-08", "2026-09-10", "illness"),
        ("2026-09-21", "2026-09-22", "appointment"),
    ):
        body = {"absent_from": first, "absent_until": back, "reason": reason}
        await service.done(f"{path}/absences", body, role="parent", name=child_id)
    listed = await service.ask(f"{path}/absences")
    assert [one["reason"] for one in listed["items"]] == ["illness", "appointment"]
    later = await service.ask(f"{path}/absences", since="2026-09-10")
    assert [one["absent_from"] for one in later["items"]] == ["2026-09-21"]
    first_page = await service.ask(f"{path}/absences", limit=1)
    second_page = await service.ask(f"{path}/absences", limit=1, cursor=first_page["next"])
    assert (second_page["items"], second_page["next"]) == (listed["items"][1:], None)


async def test_children_are_found_by_status_school_and_region(service: Served) -> None:
    ada, grace = await accepted_child(service), await ready_mentor(service)
    ben = await accepted_child(service, "Ben")
    await assigned(service, ada, grace)

    async def ids(**query: Any) -> list[str]:
        return [child["child_id"] for child in (await service.ask("/children", **query))["items"]]

    assert await ids() == [ada, ben]
    assert await ids(status="active") == [ada]
    assert await ids(status="accepted", school_id=FERNHOLLOW) == [ben]
    assert await ids(region="uk-london") == [ada, ben]
    assert await ids(region="uk-north") == []
    assert (await service.ask(f"/children/{ada}"))["since"] == str(NEXT_MONDAY)
