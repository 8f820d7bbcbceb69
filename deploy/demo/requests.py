"""Chapter 2: a school asks for support, and the agency takes the child on with a provision."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deploy.demo.calling import House
from deploy.demo.register import School

AREAS = ["speech_and_language", "behaviour_and_emotional"]
MINUTES_A_WEEK = 15 * 60
NAMES = ("Amara Okafor", "Ben Whitlow", "Cleo Santos", "Dylan Pryce")


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the story."""

    id: str
    name: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Office:
    """Who hears of things: the recipients of the coordinator and of the school."""

    coordinator: str
    school: str
    coordinator_email: str


async def play(house: House, school: School, other: School, at: datetime) -> tuple[list[Child], Office]:
    """Returns the children, first the one the story follows, and who hears of things."""
    with house.story.chapter("A school asks for support, and a child is accepted"):
        office = await register_office(house, school)
        first = await ask_for_support(house, school, NAMES[0], at)
        house.story.teller.say(
            f"{len(NAMES) - 1} more children, of {other['name']}, are asked for and accepted alike."
        )
        others = [ask_for_support(house, other, name, at, quiet=True) for name in NAMES[1:]]
        children = [first, *await asyncio.gather(*others)]
        after = await house.heads("assignments")
        listed = await house.somebody("coordinator", "ruth").ask_all("assignments/children", *after)
        known = {child["child_id"] for child in listed}
        house.story.same(
            "all of them stand on the list of children",
            [child.name for child in children if child.id in known],
            list(NAMES),
        )
        house.story.keep(
            child_id=first.id,
            request_id=first.request_id,
            children={child.name: child.id for child in children},
            recipients={"coordinator": office.coordinator, "school": office.school},
        )
        return children, office


async def register_office(house: House, school: School) -> Office:
    """The coordinator and the school are told things from now on."""
    email = "ruth.bello@example.org"
    mail = f"office.{school['urn']}@example.org"
    return Office(
        await recipient(house, {"role": "coordinator", "name": "Ruth Bello", "email": email}),
        await recipient(
            house,
            {"role": "school", "name": "School office", "email": mail, "school_id": school["school_id"]},
        ),
        email,
    )


async def recipient(house: House, details: dict[str, str]) -> str:
    """The id of this recipient, who may have been registered by an earlier run."""
    coordinator = house.somebody("coordinator", "ruth")
    answer = await coordinator.send("notifications/recipients", details)
    if answer.code != "already_registered":
        house.story.same(f"{details['name']} is told things from now on", answer.status, 201)
    listed = await coordinator.ask_all(
        "notifications/recipients", *await house.heads("notifications"), role=details["role"]
    )
    found = [one for one in listed if all(one[name] == value for name, value in details.items())]
    house.story.same(f"and stands once on the list of recipients, as {details['email']}", len(found), 1)
    return str(found[0]["recipient_id"])


async def ask_for_support(
    house: House, school: School, name: str, at: datetime, quiet: bool = False
) -> Child:
    """The school asks, the coordinator judges how urgent it is, and takes it on."""
    secretary = house.somebody("school", school["school_id"])
    coordinator = house.somebody("coordinator", "ruth")
    if quiet:
        secretary, coordinator = secretary.hushed, coordinator.hushed
    wish = {
        "school_id": school["school_id"],
        "requester_kind": "school",
        "child_name": name,
        "needs": "Finds it hard to say what is wrong, and to stay when a lesson gets loud.",
    }
    key = f"{house.run}-request-{name}"
    asked = await secretary.do("assignments/support-requests", wish, key=key)
    child = Child(asked.body["child_id"], name, asked.body["request_id"])
    path = f"assignments/support-requests/{child.request_id}"
    accept = {
        "birth_date": birth_date(school, at.date()).isoformat(),
        "minutes_per_week": MINUTES_A_WEEK,
        "areas": AREAS,
        "effective_from": at.date().isoformat(),
    }
    if not quiet:
        await asked_once(house, school, wish, key, child)
    triaged = await coordinator.do(f"{path}/triage", {"urgency": "soon", "areas": AREAS}, asked.place)
    accepted = await coordinator.do(f"{path}/take-on", accept, triaged.place)
    if not quiet:
        await accepted_as_asked(house, child, accept, accepted.place)
    return child


async def asked_once(house: House, school: School, wish: dict[str, str], key: str, child: Child) -> None:
    """The request is there; sending it again with the same key gives the same answer and no second one."""
    again = await house.somebody("school", school["school_id"]).do(
        "assignments/support-requests", wish, key=key
    )
    house.story.same(
        "sent again with the same Idempotency-Key, it is the same request",
        again.body["request_id"],
        child.request_id,
    )
    coordinator = house.somebody("coordinator", "ruth")
    request = await coordinator.ask(f"assignments/support-requests/{child.request_id}", again.place)
    seen = {name: request[name] for name in (*wish, "status")}
    house.story.same(
        "the request is on the coordinator's list as the school sent it", seen, {**wish, "status": "received"}
    )


async def accepted_as_asked(house: House, child: Child, accept: dict[str, Any], after: str) -> None:
    found = await house.somebody("coordinator", "ruth").ask(f"assignments/children/{child.id}", after)
    provision = {name: found["provision"][name] for name in ("minutes_per_week", "areas", "effective_from")}
    house.story.same(
        f"{child.name} is accepted", (found["name"], found["request_id"]), (child.name, child.request_id)
    )
    house.story.same(
        f"with a provision of {MINUTES_A_WEEK // 60} hours a week for {' and '.join(AREAS).replace('_', ' ')}",
        provision,
        {name: accept[name] for name in provision},
    )
    house.story.keep(child=found)


def birth_date(school: School, today: date) -> date:
    """That of a child in the second year of this school."""
    return date(today.year - (school["lowest_age"] or 7) - 2, 3, 14)
