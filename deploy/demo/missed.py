"""Chapter 12: nobody starts a session: step by step more people hear of it, and somebody else is looked for."""

from datetime import timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.cast import Cast, ruth, session_on, told

MISSED = 15
"""The day of the story on which nobody comes."""
STEPS: dict[int, set[str]] = {
    10: {"mentor"},
    15: {"coordinator", "school"},
    30: {"coordinator", "parent"},
    60: {"manager"},
}
"""Minutes after the planned begin, and who hears of it then."""


async def play(house: House, cast: Cast) -> str:
    """The session that was missed."""
    with house.story.chapter("Nobody starts a session"):
        session = str((await session_on(house, cast, MISSED, cast.nadia))["session_id"])
        for minutes, roles in STEPS.items():
            await step(house, cast, session, minutes, roles)
            if minutes == 30:
                await looked_for(house, cast)
        await became(house, cast, session)
        house.story.keep(missed=session)
        return session


async def step(house: House, cast: Cast, session: str, minutes: int, roles: set[str]) -> None:
    """The ladder's next step, and who hears of it."""
    at = await clocks.go_on(house, cast.starts(MISSED) + timedelta(minutes=minutes, seconds=5))

    def of_step(items: list[Any]) -> set[str]:
        since = (at - timedelta(seconds=30)).isoformat()[:19]
        mine = [one for one in items if one["session_id"] == session]
        return {one["recipient_role"] for one in mine if one["requested_at"] >= since}

    found = await told(
        house,
        f"{minutes} minutes late: {', '.join(sorted(roles))}",
        lambda items: roles <= of_step(items),
        type="late_check_in",
        child_id=cast.esme.id,
    )
    house.story.same(f"{minutes} minutes late: {', '.join(sorted(roles))} hear of it", of_step(found), roles)


async def looked_for(house: House, cast: Cast) -> None:
    """With the step of 30 minutes cover is looked for."""
    page = await ruth(house).until(
        "assignments/covers", lambda page: bool(page["items"]), "cover is looked for", child_id=cast.esme.id
    )
    search = page["items"][-1]
    house.story.same(
        "and cover is looked for, of whoever may",
        (search["reason"], search["form"], search["first_day"], search["absent_mentor_id"]),
        ("session_missed", "broadcast", cast.days[MISSED].isoformat(), cast.nadia.id),
    )
    house.story.keep(cover=search)


async def became(house: House, cast: Cast, session: str) -> None:
    """What is on record of it."""
    found = await ruth(house).until(
        f"sessions/sessions/{session}",
        lambda found: found["state"] in ("missed", "cancelled") and found["missed_at"] is not None,
        "the session is missed",
    )
    seen = (found["overdue_minutes"], found["started_at"], found["missed_at"] is not None)
    house.story.same("the session is missed, and stays on record as such", seen, (60, None, True))
    heard = await told(
        house,
        "the coordinator hears that it was missed",
        lambda items: "coordinator" in {one["recipient_role"] for one in items},
        type="session_missed",
        child_id=cast.esme.id,
    )
    roles = {one["recipient_role"] for one in heard}
    house.story.holds(
        "coordinator, mentor, parent and school are told", {"coordinator", "parent"} <= roles, roles
    )
    alert = next(one for one in heard if one["recipient_role"] == "coordinator")
    path = f"notifications/notifications/{alert['notification_id']}"
    answered = await ruth(house).do(f"{path}/acknowledgement")
    seen_now = await ruth(house).ask(path, answered.place)
    house.story.holds("and the coordinator answers for it", bool(seen_now["acknowledged_at"]), seen_now)
