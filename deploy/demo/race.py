"""64 callers at the same moment: for one child with two mentors, and for one mentor with two children."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from deploy.demo.answers import Answer
from deploy.demo.calling import AT_ONCE, House
from deploy.demo.requests import Child
from deploy.demo.training import Mentor

Pair = tuple[Child, Mentor]
REFUSALS = {"child_already_assigned", "mentor_already_assigned"}


async def for_a_child(
    house: House, child: Child, mentors: Sequence[Mentor], at: datetime
) -> tuple[Mentor, Mentor]:
    """A second primary for a child, all at once. Returns who was assigned, and who was not."""
    pairs = [(child, mentors[n % len(mentors)]) for n in range(AT_ONCE)]
    names = " and ".join(mentor.name for mentor in mentors)
    won = (await run(house, pairs, f"for {child.name}, with {names}", at))[1]
    return won, next(mentor for mentor in mentors if mentor != won)


async def for_a_mentor(house: House, mentor: Mentor, children: Sequence[Child], at: datetime) -> None:
    """A second child for a mentor, all at once."""
    pairs = [(children[n % len(children)], mentor) for n in range(AT_ONCE)]
    names = " and ".join(child.name for child in children)
    await run(house, pairs, f"for {mentor.name}, with {names}", at)


async def run(house: House, pairs: Sequence[Pair], what: str, at: datetime) -> Pair:
    """All offer, then all activate their own offer; exactly one of them may succeed. Returns that one."""
    story = house.story
    story.teller.say(f"{len(pairs)} coordinators at the same moment, {what}.")
    offers = await asyncio.gather(*(offer(house, n, pair) for n, pair in enumerate(pairs)))
    story.same("each of them may offer", [found.status for found in offers], [201] * len(pairs))
    body = {"effective_from": at.date().isoformat()}
    agreed = await asyncio.gather(*(accept(house, n, found) for n, found in enumerate(offers)))
    story.same("and each offer is agreed to", [found.status for found in agreed], [200] * len(pairs))
    ids = [str(found.body["assignment_id"]) for found in offers]
    answers = await asyncio.gather(*(activate(house, n, id_, body) for n, id_ in enumerate(ids)))
    won = [place for place, answer in enumerate(answers) if answer.status in (200, 201)]
    codes = Counter(answer.code for answer in answers if answer.status not in (200, 201))
    said = ", ".join(f"{count} {code}" for code, count in codes.items())
    story.same(f"exactly one of {len(pairs)} is told yes; the others: {said}", len(won), 1)
    lost = [answer for place, answer in enumerate(answers) if place not in won]
    refusals = [(answer.status, answer.code in REFUSALS) for answer in lost]
    story.same("every other is refused for that reason", refusals, [(409, True)] * len(lost))
    await read_back(house, pairs, ids[won[0]], answers[won[0]].place)
    letting_go = (cancel(house, n, id_) for n, id_ in enumerate(ids) if n != won[0])
    await asyncio.gather(*letting_go)
    story.keep(
        **{f"race {what}": {"callers": len(pairs), "yes": len(won), "no": dict(codes), "won": ids[won[0]]}}
    )
    return pairs[won[0]]


async def read_back(house: House, pairs: Sequence[Pair], won: str, after: str) -> None:
    """Each child and each mentor that was raced for has at most one active assignment, together exactly one."""
    coordinator, active = house.somebody("coordinator", "ruth"), set()
    for child in {child for child, _ in pairs}:
        found = await coordinator.ask_all(
            "assignments/assignments", after, child_id=child.id, status="active"
        )
        active |= {one["assignment_id"] for one in found}
    for mentor in {mentor for _, mentor in pairs}:
        found = await coordinator.ask_all(
            "assignments/assignments", after, mentor_id=mentor.id, status="active"
        )
        active |= {one["assignment_id"] for one in found}
    house.story.same("and read back, one assignment is active among all of them", active, {won})


async def offer(house: House, number: int, pair: Pair) -> Answer:
    child, mentor = pair
    caller = house.somebody("coordinator", f"racer-{number}").hushed
    return await caller.send("assignments/offers", {"child_id": child.id, "mentor_id": mentor.id})


async def accept(house: House, number: int, offered: Answer) -> Answer:
    caller = house.somebody("coordinator", f"racer-{number}").hushed
    return await caller.send(f"assignments/offers/{offered.body['assignment_id']}/accept")


async def activate(house: House, number: int, id_: str, body: dict[str, str]) -> Answer:
    caller = house.somebody("coordinator", f"racer-{number}").hushed
    return await caller.send(f"assignments/assignments/{id_}/activate", body)


async def cancel(house: House, number: int, id_: str) -> Answer:
    caller = house.somebody("coordinator", f"racer-{number}").hushed
    return await caller.do(f"assignments/offers/{id_}/cancel", {"reason": "replaced"})
