"""Chapter 9: the next school year; who fits whom, for one child and for the region, taken up row by row."""

import asyncio
from datetime import date, datetime
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.cast import Cast, Days, days_after, ruth
from deploy.demo.register import School
from deploy.demo.requests import Child, birth_date, recipient
from deploy.demo.training import Mentor, Plan, become, stands
from shared.contracts.eligibility import TRACKS

WEEKLY = 300
AREAS = ["speech_and_language", "occupational"]
NEEDS = ["autism", "speech_language_and_communication"]
OT_ENDS = 92
"""Lewis's occupational therapy counts until this day of the story."""
PROFILES: dict[str, dict[str, Any]] = {
    "Nadia Rahman": {"areas": AREAS, "experience": NEEDS, "languages": ["en", "bfi"]},
    "Lewis Hale": {"areas": ["speech_and_language", "behaviour_and_emotional"], "languages": ["en"]},
    "Greta Olsen": {"areas": AREAS, "languages": ["en"], "experience": ["autism"]},
}


async def play(house: House, school: School, courses: dict[str, str]) -> Cast:
    with house.story.chapter("The next school year: who fits whom"):
        days = days_after(await clocks.now(house))
        at = await clocks.go_on(house, days.at(-4, "08:00"))
        esme, finn = await asyncio.gather(
            accepted(house, school, "Esme Novak", days, at), accepted(house, school, "Finn Adeyemi", days, at)
        )
        made = await asyncio.gather(*(engaged(house, plan, courses, at.date()) for plan in plans(days)))
        nadia, lewis, greta = made
        recipients = await family_and_manager(house, esme)
        await ranked(house, esme, nadia, days)
        assignment = await planned(house, esme, finn, made, days)
        house.story.keep(
            esme=esme.id, finn=finn.id, first_day=days.first.isoformat(), assignment=assignment,
            mentors={one.name: one.id for one in made},
        )  # fmt: skip
        return Cast(days, school, esme, finn, nadia, lewis, greta, recipients, assignment)


def plans(days: Days) -> list[Plan]:
    """Three mentors who have all they need; one item of one of them runs out in the middle of the year."""
    recent: dict[str, date] = dict.fromkeys(TRACKS, days[-64])
    ot = clocks.months_later(days[OT_ENDS + 1], -24)
    return [
        Plan(name, {**recent, "ot": ot} if name.startswith("Lewis") else dict(recent)) for name in PROFILES
    ]


async def accepted(house: House, school: School, name: str, days: Days, at: datetime) -> Child:
    """A child taken on for an hour a day, with an outcome to reach and what a mentor has to bring."""
    office, secretary = ruth(house).hushed, house.somebody("school", school["school_id"])
    wish = {
        "school_id": school["school_id"],
        "requester_kind": "school",
        "child_name": name,
        "needs": "Speaks with her hands, and loses the thread when a room gets loud.",
    }
    asked = await secretary.do("assignments/support-requests", wish)
    child = Child(asked.body["child_id"], name, asked.body["request_id"])
    taken = await office.do(
        f"assignments/support-requests/{child.request_id}/take-on",
        {
            "birth_date": birth_date(school, at.date()).isoformat(),
            "minutes_per_week": WEEKLY,
            "areas": AREAS,
            "effective_from": days.first.isoformat(),
            "outcomes": [{"area": AREAS[0], "text": "Asks for a pause before she needs one."}],
        },
        asked.place,
    )
    wanted = {"needs": NEEDS, "curriculum_level": "key_stage_2", "languages": ["bfi"]}
    await office.do(f"assignments/children/{child.id}/profile", wanted, taken.place)
    return child


async def engaged(house: House, plan: Plan, courses: dict[str, str], today: date) -> Mentor:
    """A mentor with all evidence, and a profile by which candidates are ranked."""
    mentor = await become(house, plan, courses, today)
    office, path = ruth(house).hushed, f"assignments/mentors/{mentor.id}"
    await office.do(f"{path}/profile", {**PROFILES[plan.name], "curriculum_levels": ["key_stage_2"]})
    hours = {"minutes_per_week": WEEKLY, "effective_from": today.isoformat()}
    weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    await office.do(f"{path}/availability", {**hours, "weekdays": weekdays})
    await stands(house, mentor, today)
    return mentor


async def family_and_manager(house: House, esme: Child) -> dict[str, str]:
    """The child's parent and the regional manager are told things too."""
    parent = {"role": "parent", "name": "Jana Novak", "email": f"jana.{house.run}@example.org"}
    manager = {"role": "manager", "name": "Mina Torres", "email": "mina.torres@example.org"}
    return {
        "parent": await recipient(house, {**parent, "child_id": esme.id}),
        "manager": await recipient(house, manager),
    }


async def ranked(house: House, esme: Child, nadia: Mentor, days: Days) -> None:
    """The candidates for one child, each with points and reasons."""
    after = await house.heads("assignments", "training")
    found = await ruth(house).ask(f"assignments/children/{esme.id}/candidates", *after, on=days.first)
    best = found["items"][0]
    rows = [[one["criterion"], f"{one['points']}/{one['most']}", one["reason"]] for one in best["scores"]]
    story = house.story
    story.teller.table(f"{nadia.name} for {esme.name}", ["criterion", "points", "why"], rows)
    story.same(
        f"of {len(found['items'])} candidates {nadia.name} fits {esme.name} best, with {best['total']} points",
        (best["mentor_id"], best["total"]),
        (nadia.id, sum(one["points"] for one in best["scores"])),
    )
    story.holds("each point is explained", all(one["reason"] for one in best["scores"]), rows)
    totals = [one["total"] for one in found["items"]]
    story.same("the others come after, by their points", totals, sorted(totals, reverse=True))
    story.keep(candidates=found)


async def planned(house: House, esme: Child, finn: Child, mentors: list[Mentor], days: Days) -> str:
    """The whole region at once; one row is taken up, another set aside. The assignment of the first child."""
    office, story = ruth(house), house.story
    made = await office.do(
        "assignments/match-plans", {"planned_for": days.first.isoformat()}, *await house.heads("assignments")
    )
    path = f"assignments/match-plans/{made.body['plan_id']}"
    rows = {row["child_id"]: row for row in await office.ask_all(f"{path}/rows", made.place)}
    proposed = {child: row["mentor_id"] for child, row in rows.items() if row["status"] == "proposed"}
    story.same(
        f"the plan for the region proposes {mentors[0].name} for {esme.name}, and nobody for two children",
        (proposed.get(esme.id), len(set(proposed.values()))),
        (mentors[0].id, len(proposed)),
    )
    left = [row["reason"] for row in rows.values() if row["status"] == "unmatched"]
    story.holds(
        f"{len(proposed)} children are matched, {len(left)} are not, each with a reason", all(left), left
    )
    other = finn.id if finn.id in proposed else next(child for child in proposed if child != esme.id)
    taken = await office.do(f"{path}/rows/{esme.id}/take-up")
    aside = await office.do(f"{path}/rows/{other}/set-aside", {"reason": "requester_prefers_another"})
    assignment = str(taken.body["assignment_id"])
    await office.do(f"assignments/offers/{assignment}/accept")
    begins = {"effective_from": days.first.isoformat()}
    begun = await office.do(f"assignments/assignments/{assignment}/activate", begins)
    after = await office.ask_all(f"{path}/rows", begun.place, aside.place)
    status = {row["child_id"]: row["status"] for row in after}
    story.same(
        "row by row it is taken up by a coordinator, or set aside with a reason",
        (status[esme.id], status[other]),
        ("taken_up", "set_aside"),
    )
    request = await office.until(
        f"assignments/support-requests/{esme.request_id}",
        lambda found: bool(found["status"] == "fulfilled"),
        "the request is fulfilled",
    )
    story.same(f"{esme.name}'s request is fulfilled", request["status"], "fulfilled")
    return assignment
