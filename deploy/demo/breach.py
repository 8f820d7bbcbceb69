"""Chapter 5, continued: a mentor is used for the whole class; that is refused, recorded and heard of."""

from datetime import datetime, timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.matching import Assignment
from deploy.demo.register import School
from deploy.demo.requests import Office

LOG = {"contact_minutes": 55, "ratio": "one_to_one"}
WITH_THE_CLASS = {
    **LOG,
    "activities": ["maths", "whole_class"],
    "notes": "Took the class while the teacher was out.",
}
AFTERWARDS = {
    **LOG,
    "activities": ["maths"],
    "incidental_help": True,
    "notes": "Maths together; lent a pencil.",
}


async def with_the_class(
    house: House, school: School, made: Assignment, session: str, starts_at: datetime
) -> str:
    """Refused, and the attempt is a fact; then logged as what it was. The correlation id of the attempt."""
    mentor, story = house.somebody("mentor", made.mentor.id), house.story
    path = f"sessions/sessions/{session}"
    await clocks.move(house, starts_at)
    await mentor.do(f"{path}/start", {})
    await clocks.move(house, starts_at + timedelta(hours=1))
    refused = await mentor.refused("role_boundary_breached", f"{path}/log", WITH_THE_CLASS)
    await breach_recorded(house, school, made, session)
    logged = await mentor.do(f"{path}/log", AFTERWARDS)
    found = await mentor.ask(path, logged.place)
    story.same(
        "the session is logged as what it was, help to another pupil marked",
        {name: found[name] for name in AFTERWARDS},
        AFTERWARDS,
    )
    attempts = [one["activities"] for one in found["breaches"]]
    story.same("and the attempt stays beside it", attempts, [WITH_THE_CLASS["activities"]])
    return refused.correlation


async def breach_recorded(house: House, school: School, made: Assignment, session: str) -> None:
    """RoleBoundaryBreached is in the list of breaches and in the log of facts."""
    after = await house.heads("sessions")
    coordinator = house.somebody("coordinator", "ruth")
    breaches = await coordinator.ask_all("sessions/boundary-breaches", *after, school_id=school["school_id"])
    mine = [found for found in breaches if found["session_id"] == session]
    seen = [(found["mentor_id"], found["child_id"], found["activities"]) for found in mine]
    expected = [(made.mentor.id, made.child.id, WITH_THE_CLASS["activities"])]
    house.story.same("the attempt is recorded, with mentor, child and activities", seen, expected)
    auditor = house.somebody("auditor", "ines")
    facts = await auditor.ask_all("audit/facts", *after, stream=session)
    types = [fact["type"] for fact in facts]
    house.story.same(
        "as the fact RoleBoundaryBreached, and nothing is logged",
        (types.count("sessions.RoleBoundaryBreached.v1"), types.count("sessions.SessionLogged.v1")),
        (1, 0),
    )
    house.story.keep(breach=mine[0])


async def heard_of(house: House, school: School, session: str, office: Office) -> None:
    """The coordinator and the school find it in their inbox."""
    for who, role, name, recipient in (
        ("the coordinator", "coordinator", "ruth", office.coordinator),
        ("the school", "school", school["school_id"], office.school),
    ):

        def told(page: Any) -> bool:
            return bool(about_breach(page, session))

        page = await house.somebody(role, name).until(
            f"notifications/recipients/{recipient}/inbox", told, f"{who} hears of the breach", limit=200
        )
        found = about_breach(page, session)
        house.story.same(
            f"{who} hears of it: “{found[0]['subject_line']}”",
            [(one["urgent"], one["child_id"] is not None) for one in found],
            [(True, True)],
        )


def about_breach(page: Any, session: str) -> list[Any]:
    return [
        one
        for one in page["items"]
        if one["type"] == "role_boundary_breached" and one["session_id"] == session
    ]
