"""Chapter 5: sessions are planned, started and logged; three that may not be are refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deploy.demo import breach, clocks
from deploy.demo.calling import House
from deploy.demo.matching import Assignment
from deploy.demo.register import School
from deploy.demo.requests import Office
from deploy.demo.training import Mentor, Mentors

DONE = {
    "activities": ["prepare_for_activity", "speech_and_language", "playground_supervision"],
    "contact_minutes": 55,
    "ratio": "one_to_one",
    "notes": "Said what was wrong by herself, twice.",
}


@dataclass(frozen=True, slots=True)
class Meetings:
    """Sessions by what became of them; `coming` lie after the day on which the certification ends."""

    logged: str
    breached: str
    coming: list[str]
    breach_correlation: str


async def play(
    house: House, school: School, made: Assignment, mentors: Mentors, office: Office, at: datetime
) -> Meetings:
    with house.story.chapter("Sessions: planned, started, logged, and what may not be"):
        zone = school["time_zone"]
        day = clocks.school_days(at.date(), 1)[0]
        after = await house.heads("assignments", "training")
        nine = clocks.at(day, "09:00", zone)
        first = await plan(house, made, nine, after)
        second = await plan(house, made, clocks.at(day, "10:30", zone), after)
        later = clocks.school_days(mentors.maya_until, 3)
        coming = [await plan(house, made, clocks.at(one, "09:00", zone), after, quiet=True) for one in later]
        await planned(house, made, [first, second, *coming])
        await overlapping(house, made, nine + timedelta(minutes=30))
        await not_assigned(house, made, mentors.owen, nine + timedelta(hours=5))
        await too_early(house, made, first)
        await take_place(house, made, first, nine)
        correlation = await breach.with_the_class(house, school, made, second, nine + timedelta(minutes=90))
        await breach.heard_of(house, school, second, office)
        house.story.keep(logged=first, breached=second, coming=coming)
        return Meetings(first, second, coming, correlation)


async def plan(
    house: House, made: Assignment, starts_at: datetime, after: list[str], quiet: bool = False
) -> str:
    """An hour with the child; the session's id."""
    coordinator = house.somebody("coordinator", "ruth")
    caller = coordinator.hushed if quiet else coordinator
    answer = await caller.do("sessions/sessions", hour(made.mentor, made, starts_at), *after)
    return str(answer.body["session_id"])


def hour(mentor: Mentor, made: Assignment, starts_at: datetime) -> dict[str, str]:
    ends_at = starts_at + timedelta(hours=1)
    return {
        "mentor_id": mentor.id,
        "child_id": made.child.id,
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
    }


async def planned(house: House, made: Assignment, sessions: list[str]) -> None:
    after = await house.heads("sessions")
    listed = await house.somebody("coordinator", "ruth").ask_all(
        "sessions/sessions", *after, child_id=made.child.id, state="scheduled"
    )
    house.story.same(
        f"{len(sessions)} sessions are planned, {len(sessions) - 2} of them for the days after {made.mentor.name}'s "
        "safeguarding update ends",
        [found["session_id"] for found in listed],
        sessions,
    )


async def overlapping(house: House, made: Assignment, starts_at: datetime) -> None:
    """Half an hour into another one."""
    coordinator = house.somebody("coordinator", "ruth")
    await coordinator.refused("session_overlaps", "sessions/sessions", hour(made.mentor, made, starts_at))


async def not_assigned(house: House, made: Assignment, other: Mentor, starts_at: datetime) -> None:
    """A mentor who is ready, but not this child's."""
    coordinator = house.somebody("coordinator", "ruth")
    await coordinator.refused("no_active_assignment", "sessions/sessions", hour(other, made, starts_at))


async def too_early(house: House, made: Assignment, session: str) -> None:
    mentor = house.somebody("mentor", made.mentor.id)
    await mentor.refused("session_in_future", f"sessions/sessions/{session}/log", DONE)


async def take_place(house: House, made: Assignment, session: str, nine: datetime) -> None:
    """The mentor comes, and hands in what was done."""
    mentor, story = house.somebody("mentor", made.mentor.id), house.story
    await clocks.move(house, nine)
    await mentor.do(f"sessions/sessions/{session}/start", {})
    await clocks.move(house, nine + timedelta(hours=1))
    logged = await mentor.do(f"sessions/sessions/{session}/log", DONE)
    found = await mentor.ask(f"sessions/sessions/{session}", logged.place)
    story.same("the session is on record as the mentor logged it", {name: found[name] for name in DONE}, DONE)
    story.same("logged, and in time", (found["state"], found["late"]), ("submitted", False))
    story.keep(session=found)
