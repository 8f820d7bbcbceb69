"""Sessions of a mentor with a child, as far along as a scene needs them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.demo import clocks
from deploy.triggering import people
from deploy.triggering.stage import DAY, Body, Stage

MINUTE = timedelta(minutes=1)
LOG: Body = {
    "activities": ["prepare_for_activity"],
    "areas": ["speech_and_language"],
    "contact_minutes": 1,
    "ratio": "one_to_one",
    "notes": "Read two chapters aloud.",
}


async def planned(s: Stage) -> str:
    """A session tomorrow at ten; its id."""

    async def make() -> Body:
        starts = clocks.at(s.today + DAY, "10:00", (await people.school(s))["time_zone"])
        return await plan(s, starts, starts + timedelta(hours=1))

    return str((await s.once("planned", make))["session_id"])


async def plan(s: Stage, starts: datetime, ends: datetime) -> Body:
    """Plan a session of the mentor with the child."""
    await people.assignment(s)
    body = {
        "mentor_id": await people.mentor(s),
        "child_id": await people.child(s),
        "starts_at": starts.isoformat(),
        "ends_at": ends.isoformat(),
    }
    return {**await s.do("sessions/sessions", body), "starts_at": body["starts_at"]}


async def began(s: Stage, ago: timedelta, left: timedelta = 2 * MINUTE) -> Body:
    """Plan a session that was to begin so long ago, and ends in so long: today at the school."""
    await people.assignment(s)
    zone = ZoneInfo((await people.school(s))["time_zone"])
    now = (await clocks.now(s.house)).astimezone(zone)
    midnight = datetime.combine(now.date(), time(), zone)
    if now < midnight + 2 * MINUTE:
        # A session is within one day, and of the one before nothing is left: it has to be a little later.
        now = (await clocks.move(s.house, midnight + 3 * MINUTE, quiet=True)).astimezone(zone)
    starts, ends = max(now - ago, midnight), min(now + left, midnight + DAY - MINUTE)
    return await plan(s, starts.astimezone(UTC), max(ends, starts + MINUTE).astimezone(UTC))


async def started(s: Stage) -> str:
    """The mentor is with the child, since some minutes."""

    async def make() -> str:
        made = await began(s, 8 * MINUTE)
        path = f"sessions/sessions/{made['session_id']}/start"
        await as_mentor(s, path, {"started_at": made["starts_at"]})
        return str(made["session_id"])

    return await s.once("started", make)


async def finished(s: Stage) -> str:
    session = await started(s)
    await s.once("finished", lambda: as_mentor(s, f"sessions/sessions/{session}/finish"))
    return session


async def logged(s: Stage) -> str:
    session = await finished(s)
    await s.once("logged", lambda: as_mentor(s, f"sessions/sessions/{session}/log", LOG))
    return session


async def approved(s: Stage) -> str:
    session = await logged(s)
    await s.once("approved", lambda: s.do(f"sessions/sessions/{session}/approve"))
    return session


async def as_mentor(s: Stage, path: str, body: Body | None = None) -> Body:
    return await s.do(path, body, role="mentor", name=await people.mentor(s))


async def told(s: Stage) -> str:
    """A notification to the child's parent, of a session that was called off; its id."""

    async def make() -> str:
        recipient, session = await people.recipient(s), await planned(s)
        await s.do(f"sessions/sessions/{session}/cancellation", {"cancelled_by": "agency", "reason": "other"})
        inbox = await s.house.somebody("manager", "mina").until(
            f"notifications/recipients/{recipient}/inbox",
            lambda found: bool(found["items"]),
            "the parent is told",
        )
        notification = str(inbox["items"][0]["notification_id"])
        s.ids.add(notification)
        return notification

    return await s.once("told", make)
