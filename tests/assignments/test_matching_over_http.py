"""Matching from question to offer: candidates explained, a region matched at once, rows taken up one by one."""

from datetime import timedelta
from typing import Any

import pytest

from tests.assignments.over_http import (
    FERNHOLLOW,
    accepted_child,
    assigned,
    engaged_mentor,
    import_schools,
    ready_mentor,
    said,
)
from tests.assignments.story import NEXT_MONDAY
from tests.support.served import Served

SPEECH = {
    "areas": ["speech_and_language", "social"],
    "curriculum_levels": ["key_stage_1"],
    "languages": ["pl"],
}
MATHS = {"areas": ["academic"], "curriculum_levels": ["key_stage_3"]}


@pytest.fixture(autouse=True)
async def schools(assignments: Served, register: bytes) -> None:
    await import_schools(assignments, register)


async def profiled(service: Served, name: str, profile: dict[str, Any]) -> str:
    mentor_id = await ready_mentor(service, name)
    await service.done(f"/mentors/{mentor_id}/profile", profile)
    return mentor_id


async def wanting(service: Served, name: str, **profile: Any) -> str:
    child_id = await accepted_child(service, name)
    await service.done(f"/children/{child_id}/profile", {"needs": ["autism"], **profile})
    return child_id


async def test_candidates_are_ranked_and_explained_and_the_unready_are_named(assignments: Served) -> None:
    ada = await wanting(assignments, "Ada Hartley", curriculum_level="key_stage_1", languages=["pl"])
    maths = await profiled(assignments, "Mo Ling", MATHS)
    speech = await profiled(assignments, "Grace Okafor", SPEECH)
    unready = await engaged_mentor(assignments, "New Here")
    found = (await assignments.ask(f"/children/{ada}/candidates"))["items"]
    assert [one["mentor_id"] for one in found] == [speech, maths]
    told = {score["criterion"]: score for score in found[0]["scores"]}
    assert told["areas"] == {
        "criterion": "areas",
        "points": 30,
        "most": 30,
        "reason": "trained in social, speech and language",
    }
    assert found[0]["total"] == sum(score["points"] for score in found[0]["scores"])
    barred = (await assignments.ask(f"/children/{ada}/candidates", show_barred=True))["items"][-1]
    assert (barred["mentor_id"], barred["barred"][0]) == (unready, "proof of identity missing")


async def test_who_supports_a_child_is_no_candidate_and_continuity_counts_afterwards(
    assignments: Served,
) -> None:
    ada, ben = await wanting(assignments, "Ada Hartley"), await wanting(assignments, "Ben Achterberg")
    grace = await profiled(assignments, "Grace Okafor", SPEECH)
    assignment_id = await assigned(assignments, ada, grace)
    shown = (await assignments.ask(f"/children/{ben}/candidates", show_barred=True))["items"]
    assert shown[0]["barred"] == ["supports a child already"]
    over = {"reason": "provision_ended", "ended_on": str(NEXT_MONDAY + timedelta(days=7))}
    await assignments.done(f"/assignments/{assignment_id}/end", over)
    later: dict[str, Any] = {"on": NEXT_MONDAY + timedelta(days=8)}
    (again,) = (await assignments.ask(f"/children/{ada}/candidates", **later))["items"]
    (other,) = (await assignments.ask(f"/children/{ben}/candidates", **later))["items"]
    assert _continuity(again) == (10, "was this child's own mentor before")
    assert _continuity(other) == (0, "has not been with this child before")


def _continuity(candidate: dict[str, Any]) -> tuple[int, str]:
    (found,) = (score for score in candidate["scores"] if score["criterion"] == "continuity")
    return found["points"], found["reason"]


async def test_a_region_is_matched_at_once_and_its_rows_are_taken_up_or_set_aside(
    assignments: Served,
) -> None:
    ada = await wanting(assignments, "Ada Hartley", curriculum_level="key_stage_1", languages=["pl"])
    ben = await wanting(assignments, "Ben Achterberg", curriculum_level="key_stage_3")
    cleo = await wanting(assignments, "Cleo Dupont", curriculum_level="key_stage_4", languages=["fr"])
    speech = await profiled(assignments, "Grace Okafor", SPEECH)
    maths = await profiled(assignments, "Mo Ling", MATHS)
    made = await assignments.done("/match-plans", {"least": 10})
    assert (made["matched"], made["unmatched"]) == (2, 1)
    plan = made["plan_id"]
    rows = {row["child_id"]: row for row in (await assignments.ask(f"/match-plans/{plan}/rows"))["items"]}
    assert (rows[ada]["mentor_id"], rows[ben]["mentor_id"]) == (speech, maths)
    assert rows[ada]["total"] == sum(score["points"] for score in rows[ada]["scores"])
    assert (rows[cleo]["status"], rows[cleo]["reason"]) == (
        "unmatched",
        "every mentor who fits serves another child better",
    )
    taken = await assignments.done(f"/match-plans/{plan}/rows/{ada}/take-up")
    again = await assignments.done(f"/match-plans/{plan}/rows/{ada}/take-up")
    assert (again["assignment_id"], again["facts"]) == (taken["assignment_id"], [])
    await assignments.done(f"/match-plans/{plan}/rows/{ben}/set-aside", {"reason": "mentor_prefers_another"})
    rows = {row["child_id"]: row for row in (await assignments.ask(f"/match-plans/{plan}/rows"))["items"]}
    assert [rows[child]["status"] for child in (ada, ben, cleo)] == ["taken_up", "set_aside", "unmatched"]
    assert rows[ada]["assignment_status"] == "proposed"
    proposed = await assignments.ask(f"/match-plans/{plan}/rows", status="taken_up")
    assert [row["child_id"] for row in proposed["items"]] == [ada]
    refused = await assignments.command(f"/match-plans/{plan}/rows/{ben}/take-up")
    assert said(refused)[:2] == (409, "match_set_aside")


async def test_a_plan_of_nobody_is_refused_and_one_of_another_authority_is_empty(assignments: Served) -> None:
    refused = await assignments.command("/match-plans", {})
    assert said(refused)[:2] == (409, "nobody_waits")
    await wanting(assignments, "Ada Hartley")
    elsewhere = await assignments.command("/match-plans", {"local_authority": "Nowhere"})
    assert said(elsewhere)[:2] == (409, "nobody_waits")
    school = await assignments.ask(f"/schools/{FERNHOLLOW}")
    here = await assignments.done("/match-plans", {"local_authority": school["local_authority"]})
    assert (here["matched"], here["unmatched"]) == (0, 1)
    assert (await assignments.ask("/match-plans"))["items"][0]["plan_id"] == here["plan_id"]


async def test_what_the_gate_refuses_now_is_refused_although_it_was_planned(assignments: Served) -> None:
    ada = await wanting(assignments, "Ada Hartley")
    grace = await profiled(assignments, "Grace Okafor", SPEECH)
    plan = (await assignments.done("/match-plans", {"least": 0}))["plan_id"]
    await assignments.done(f"/mentors/{grace}/leave", {"left_on": str(assignments.clock.now().date())})
    refused = await assignments.command(f"/match-plans/{plan}/rows/{ada}/take-up")
    assert said(refused)[1] == "mentor_left"
