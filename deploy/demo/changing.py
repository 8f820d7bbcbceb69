"""Chapter 18: spring: the child is back; one mentor hands over to the next; what was wanted is reached."""

from datetime import date, timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.cast import DAY, Cast, ruth, session_on, sessions_of
from deploy.demo.terms import planned_by, set_weekly
from deploy.demo.weeks import hold

SUMMARY = "Esme asks for a pause with two fingers. Sit on her left. The hare comes along to PE."


def may_day(cast: Cast) -> int:
    """The day of the story that is the early May bank holiday: the first Monday of May."""
    first = date(cast.days.school_year + 1, 5, 1)
    return (first + (-first.weekday() % 7) * DAY - cast.days.first) // DAY


async def play(house: House, cast: Cast) -> int:
    """The day on which the next mentor begins."""
    with house.story.chapter("Spring: one mentor hands over to the next"):
        begins = may_day(cast) - 7
        await clocks.go_on(house, cast.days.at(begins - 4, "09:00"))
        await reviewed(house, cast, begins)
        await back(house, cast, begins)
        assignment = await handed_over(house, cast, begins)
        await next_mentor(house, cast, assignment, begins)
        await reached(house, cast, begins)
        return begins


async def reviewed(house: House, cast: Cast, begins: int) -> None:
    """The plan was to be reviewed after twelve weeks; now it is."""
    due = await ruth(house).ask_all("assignments/reviews", *await house.heads("assignments"))
    house.story.holds(
        f"the review of {cast.esme.name}'s plan is overdue, and on the list of reviews",
        cast.esme.id in {one["child_id"] for one in due},
        due,
    )
    body = {
        "reviewed_on": cast.days[begins - 4].isoformat(),
        "decision": "continue",
        "summary": "She asks for pauses now; PE is still hard.",
    }
    done = await ruth(house).do(f"assignments/children/{cast.esme.id}/reviews", body)
    found = await ruth(house).ask_all(f"assignments/children/{cast.esme.id}/reviews", done.place)
    next_on = cast.days[begins - 4] + timedelta(weeks=12)
    seen = [(one["decision"], one["next_review_on"]) for one in found]
    house.story.same("reviewed, and due again in twelve weeks", seen, [("continue", next_on.isoformat())])


async def back(house: House, cast: Cast, begins: int) -> None:
    """Support goes on, and the timetable with it."""
    on = {"resumed_on": cast.days[begins].isoformat()}
    await ruth(house).do(f"assignments/children/{cast.esme.id}/resume", on)
    session = await session_on(house, cast, begins, cast.nadia)
    house.story.same("support goes on, and its sessions are planned", session["day"], on["resumed_on"])


async def handed_over(house: House, cast: Cast, begins: int) -> str:
    """The next primary waits for the handover. The assignment of the next one."""
    office, story, path = ruth(house), house.story, f"assignments/assignments/{cast.assignment}"
    last = {"last_day": cast.days[begins - 1].isoformat(), "reason": "replaced"}
    await office.do(f"{path}/handover/begin", last)
    ended = await office.do(f"{path}/end", {"reason": "replaced", "ended_on": cast.days[begins].isoformat()})
    offer = {"child_id": cast.esme.id, "mentor_id": cast.greta.id}
    offered = await office.do("assignments/offers", offer, ended.place, *await house.heads("training"))
    assignment = str(offered.body["assignment_id"])
    await office.do(f"assignments/offers/{assignment}/accept")
    from_monday = {"effective_from": cast.days[begins].isoformat()}
    refused = await office.refused(
        "handover_due", f"assignments/assignments/{assignment}/activate", from_monday
    )
    story.holds("the refusal says what to do", "record the handover" in refused.body["detail"], refused.body)
    told = {"summary": SUMMARY, "to_mentor_id": cast.greta.id}
    await house.somebody("mentor", cast.nadia.id).do(f"{path}/handover", told)
    begun = await office.do(f"assignments/assignments/{assignment}/activate", from_monday)
    now = await office.ask(f"assignments/assignments/{assignment}", begun.place)
    was = await office.ask(path, begun.place)
    story.same(
        f"handed over; {cast.greta.name} is {cast.esme.name}'s mentor from then on",
        (was["handover"], was["ended_on"], now["status"], now["mentor_id"]),
        ("recorded", from_monday["effective_from"], "active", cast.greta.id),
    )
    story.keep(next_assignment=assignment)
    return assignment


async def next_mentor(house: House, cast: Cast, assignment: str, begins: int) -> None:
    """Her own timetable: none on the public holiday."""
    timetable = await set_weekly(house, cast, assignment, begins)
    found: Any = await planned_by(house, timetable)
    holiday = cast.days[may_day(cast)].isoformat()
    planned = {one["starts_at"][:10] for one in found["planned"]}
    house.story.same(
        f"none on {clocks.spoken(cast.days[may_day(cast)])}, a public holiday; some on the days after",
        (holiday in planned, cast.days[may_day(cast) + 1].isoformat() in planned),
        (False, True),
    )
    await hold(house, cast, begins, cast.greta)


async def reached(house: House, cast: Cast, begins: int) -> None:
    """What was wanted is reached: support ends, and so do the sessions to come."""
    leaves = {"reason": "outcomes_reached", "exited_on": cast.days[begins + 1].isoformat()}
    await ruth(house).do(f"assignments/children/{cast.esme.id}/exit", leaves)
    page = await ruth(house).until(
        "sessions/sessions",
        lambda page: not page["items"],
        "nothing is planned any more",
        child_id=cast.esme.id,
        state="scheduled",
    )
    house.story.same("what was wanted is reached: nothing is planned any more", page["items"], [])
    for mentor in cast.mentors:
        await ruth(house).do(
            f"assignments/mentors/{mentor.id}/leave", {"left_on": cast.days[begins + 1].isoformat()}
        )
    held = await sessions_of(house, cast)
    states = sorted({one["state"] for one in held})
    house.story.keep(sessions={state: sum(one["state"] == state for one in held) for state in states})
