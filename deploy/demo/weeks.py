"""Chapter 11: a week of sessions, logged and approved; one log comes late, one later than 72 hours."""

from datetime import timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House, Somebody
from deploy.demo.cast import MINUTES, Cast, ruth, session_on
from deploy.demo.training import Mentor

HOUR = timedelta(minutes=MINUTES)
DONE: dict[str, Any] = {
    "activities": ["prepare_for_activity", "social_support"],
    "areas": ["speech_and_language"],
    "contact_minutes": 55,
    "ratio": "one_to_one",
    "notes": "Signed the story of the hare to two other children.",
}
WHY_LATE = "Nadia had no connection on the school trip; her paper notes were seen."


async def play(house: House, cast: Cast) -> list[str]:
    """Returns the sessions of the week."""
    with house.story.chapter("A week of sessions, and logs that come late"):
        held = [await hold(house, cast, 0, cast.nadia, log=False)]
        await rated(house, cast, held[0])
        held += [await hold(house, cast, number, cast.nadia) for number in (1, 2)]
        held += [await hold(house, cast, number, cast.nadia, log=False) for number in (3, 4)]
        await late(house, cast, held[3])
        await very_late(house, cast, held[4])
        await verified(house, cast, held)
        house.story.keep(sessions=held)
        return held


async def hold(
    house: House, cast: Cast, number: int, mentor: Mentor, *, log: bool = True, approve: bool = True
) -> str:
    """The mentor comes, and writes down what was done; the office verifies it. The session's id."""
    session = str((await session_on(house, cast, number, mentor))["session_id"])
    path, starts_at = f"sessions/sessions/{session}", cast.starts(number)
    caller = house.somebody("mentor", mentor.id).hushed
    await clocks.go_on(house, starts_at, quiet=True)
    await caller.do(f"{path}/start", {})
    await clocks.go_on(house, starts_at + HOUR, quiet=True)
    await caller.do(f"{path}/finish", {})
    if log:
        await caller.do(f"{path}/log", DONE)
        if approve:
            await ruth(house).hushed.do(f"{path}/approve", {})
    return session


async def rated(house: House, cast: Cast, session: str) -> None:
    """With a log it is said how near the child came to what the plan wants."""
    found = await ruth(house).ask(f"assignments/children/{cast.esme.id}", *await house.heads("assignments"))
    (wanted,) = found["provision"]["outcomes"]
    path = f"sessions/sessions/{session}"
    rating = {"outcome_id": wanted["outcome_id"], "rating": 2}
    await house.somebody("mentor", cast.nadia.id).do(f"{path}/log", {**DONE, "outcomes": [rating]})
    done = await ruth(house).do(f"{path}/approve", {})
    known = await ruth(house).ask(path, done.place)
    seen = [(one["outcome_id"], one["rating"]) for one in known["outcomes"]]
    house.story.same(f"“{wanted['text']}” is rated 2 of 5", seen, [(wanted["outcome_id"], 2)])


async def late(house: House, cast: Cast, session: str) -> None:
    """After more than 48 hours a log is taken in, and flagged."""
    path = f"sessions/sessions/{session}"
    await clocks.go_on(house, cast.starts(3) + HOUR + timedelta(hours=49))
    reminded = await ruth(house).until(
        path, lambda found: found["log_overdue_hours"] == 48, "it is noticed that the log is late"
    )
    house.story.same("after 24 and 48 hours the log is missed", reminded["log_overdue_hours"], 48)
    logged = await house.somebody("mentor", cast.nadia.id).do(f"{path}/log", DONE)
    await approve_and_read(house, ruth(house), path, logged.place, "a log 49 hours late is flagged", None)


async def very_late(house: House, cast: Cast, session: str) -> None:
    """After more than 72 hours only a coordinator hands it in, and says why."""
    path = f"sessions/sessions/{session}"
    await clocks.go_on(house, cast.starts(4) + HOUR + timedelta(hours=80))
    mentor = house.somebody("mentor", cast.nadia.id)
    await mentor.refused("late_reason_required", f"{path}/log", DONE)
    logged = await ruth(house).do(f"{path}/log", {**DONE, "late_reason": WHY_LATE})
    await ruth(house).refused("own_log", f"{path}/approve", {}, logged.place)
    claim = "one 80 hours late is taken in with a coordinator's reason, and verified by somebody else"
    await approve_and_read(house, house.somebody("manager", "mina"), path, logged.place, claim, WHY_LATE)


async def approve_and_read(
    house: House, caller: Somebody, path: str, after: str, claim: str, why: str | None
) -> None:
    done = await caller.do(f"{path}/approve", {}, after)
    found = await caller.ask(path, done.place)
    seen = (found["state"], found["late"], found["late_reason"])
    house.story.same(claim, seen, ("approved", True, why))


async def verified(house: House, cast: Cast, held: list[str]) -> None:
    """The week's contact, as the office verified it."""
    since = cast.days[0]
    found = await ruth(house).ask(
        "sessions/contact-hours",
        *await house.heads("sessions"),
        **{"from": since, "to": since + timedelta(days=6), "child_id": cast.esme.id},
    )
    minutes = DONE["contact_minutes"] * len(held)
    house.story.keep(contact_hours=found)
    told = str(found)
    house.story.holds(f"{minutes} verified minutes of contact one to one", str(minutes) in told, found)
