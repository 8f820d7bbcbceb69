"""Chapter 4: the gate refuses who is not ready, the ready one is assigned, and nobody gets a second primary."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.demo import race
from deploy.demo.calling import AT_ONCE, House
from deploy.demo.requests import Child
from deploy.demo.training import Mentor, Mentors
from shared.contracts.eligibility import NAMES, Item


@dataclass(frozen=True, slots=True)
class Assignment:
    """The link that the story follows. `place` is where it was recorded."""

    id: str
    child: Child
    mentor: Mentor
    place: str


async def play(house: House, children: list[Child], mentors: Mentors, at: datetime) -> Assignment:
    """Returns the assignment of the first child."""
    with house.story.chapter("The gate, and one primary mentor for each child"):
        after = await house.heads("assignments", "training")
        for unready in (mentors.tara, mentors.dev):
            await not_ready(house, unready, children[0], after)
        made = await assign(house, children[0], mentors.maya, after, at)
        await second_primary(house, made, mentors.owen, at)
        await second_child(house, made, children[1], at)
        _, loser = await race.for_a_child(house, children[1], [mentors.owen, mentors.pia], at)
        await race.for_a_mentor(house, loser, children[2:], at)
        await still_alone(house, made)
        return made


async def not_ready(house: House, mentor: Mentor, child: Child, after: list[str]) -> None:
    """The refusal names each missing item and its date."""
    coordinator = house.somebody("coordinator", "ruth")
    body = {"child_id": child.id, "mentor_id": mentor.id}
    answer = await coordinator.refused("mentor_not_deployable", "assignments/offers", body, *after)
    named: dict[Item, str | None] = {item["item"]: item["since"] for item in answer.body["items"]}
    said = ", ".join(f"{item} since {since}" if since else f"{item} missing" for item, since in named.items())
    house.story.same(f"the refusal names each item {mentor.name} lacks: {said}", named, mentor.lacking)
    detail = answer.body["detail"]
    untold = [
        item for item, since in named.items() if NAMES[item] not in detail or (since or "") not in detail
    ]
    house.story.same("and tells them in words: " + detail.partition(". ")[0], untold, [])
    house.story.keep(**{f"refused_{mentor.name.split()[0].lower()}": answer.body})


async def assign(house: House, child: Child, mentor: Mentor, after: list[str], at: datetime) -> Assignment:
    coordinator, story = house.somebody("coordinator", "ruth"), house.story
    offered = await coordinator.do(
        "assignments/offers", {"child_id": child.id, "mentor_id": mentor.id}, *after
    )
    assignment_id = str(offered.body["assignment_id"])
    await coordinator.do(f"assignments/offers/{assignment_id}/accept")
    begun = await coordinator.do(f"assignments/assignments/{assignment_id}/activate", from_today(at))
    found = await coordinator.ask(f"assignments/assignments/{assignment_id}", begun.place)
    seen = (found["child_id"], found["mentor_id"], found["role"], found["status"], found["effective_from"])
    story.same(
        f"{mentor.name} is {child.name}'s primary mentor from {at.date()} on",
        seen,
        (child.id, mentor.id, "primary", "active", at.date().isoformat()),
    )
    story.keep(assignment_id=assignment_id, assignment=found)
    return Assignment(assignment_id, child, mentor, begun.place)


async def second_primary(house: House, made: Assignment, other: Mentor, at: datetime) -> None:
    """Another mentor for a child who has one."""
    await refused_activation(house, made.child, other, "child_already_assigned", at)


async def second_child(house: House, made: Assignment, other: Child, at: datetime) -> None:
    """Another child for a mentor who has one."""
    await refused_activation(house, other, made.mentor, "mentor_already_assigned", at)


async def refused_activation(house: House, child: Child, mentor: Mentor, code: str, at: datetime) -> None:
    coordinator = house.somebody("coordinator", "ruth")
    offered = await coordinator.do("assignments/offers", {"child_id": child.id, "mentor_id": mentor.id})
    path = f"assignments/assignments/{offered.body['assignment_id']}"
    agreed = await coordinator.do(f"assignments/offers/{offered.body['assignment_id']}/accept")
    await coordinator.refused(code, f"{path}/activate", from_today(at))
    found = await coordinator.ask(path, agreed.place)
    house.story.same(
        f"{mentor.name} is not {child.name}'s mentor: the offer stays an offer", found["status"], "accepted"
    )
    cancelled = await coordinator.hushed.do(
        f"assignments/offers/{offered.body['assignment_id']}/cancel", {"reason": "replaced"}
    )
    gone = await coordinator.ask(path, cancelled.place)
    house.story.same("and is let go", gone["status"], "cancelled")


async def still_alone(house: House, made: Assignment) -> None:
    """After all of this the child has exactly the one mentor."""
    after = await house.heads("assignments")
    coverage: Any = await house.somebody("coordinator", "ruth").ask(
        f"assignments/children/{made.child.id}/coverage", *after
    )
    house.story.same(
        f"{made.child.name} has exactly one mentor still",
        [span["assignment_id"] for span in coverage["supporting"]],
        [made.id],
    )
    house.story.keep(coverage=coverage, callers_at_once=AT_ONCE)


def from_today(at: datetime) -> dict[str, str]:
    return {"effective_from": at.date().isoformat()}
