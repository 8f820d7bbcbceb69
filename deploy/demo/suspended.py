"""Chapter 15: a mentor is suspended early one morning; nobody answers; cover comes; the suspension is lifted."""

from typing import Any

from deploy.demo import clocks
from deploy.demo.absences import called_off
from deploy.demo.calling import House
from deploy.demo.cast import Cast, ruth, session_on
from deploy.demo.weeks import hold

WISHES = {"quiet_from": "20:00", "quiet_until": "07:30", "digest": "daily", "digest_hour": 17}


async def play(house: House, cast: Cast) -> None:
    with house.story.chapter("A suspension, at a quiet hour"):
        await wishes(house, cast)
        await hold(house, cast, 25, cast.nadia)
        await clocks.go_on(house, cast.days.at(28, "07:00"))
        await suspend(house, cast)
        await stopped(house, cast)
        await all_the_same(house, cast)
        await nobody_answered(house, cast)
        await covered(house, cast)
        await lifted(house, cast)


async def wishes(house: House, cast: Cast) -> None:
    """The regional manager wants quiet nights, and one message a day."""
    manager, path = (
        house.somebody("manager", "mina"),
        f"notifications/recipients/{cast.recipients['manager']}/preferences",
    )
    done = await manager.put(path, WISHES)
    found = await manager.ask(path, done.place)
    house.story.same(
        "Mina wants to be left in peace at night, and a digest at five",
        {name: found[name] for name in WISHES},
        WISHES,
    )


async def suspend(house: House, cast: Cast) -> None:
    officer = house.somebody("compliance", "colm")
    path = f"training/mentors/{cast.nadia.id}"
    await officer.do(f"{path}/suspension", {"reason_code": "under_investigation"})
    found = await officer.ask(f"{path}/compliance", *await house.heads("training"))
    seen = (found["state"], found["stands"], [one["item"] for one in found["shortfalls"]])
    house.story.same(
        f"{cast.nadia.name} is suspended, whatever she can show",
        seen,
        ("suspended", "suspended", ["suspension"]),
    )


async def stopped(house: House, cast: Cast) -> None:
    """Coming sessions stop, and cover is looked for."""
    await called_off(house, cast, (28, 29, 30), "mentor_suspended")
    await search_of(house, cast, "mentor_suspended")
    none_left = await ruth(house).until(
        "sessions/sessions",
        lambda page: not page["items"],
        "all coming sessions stop",
        mentor_id=cast.nadia.id,
        state="scheduled",
    )
    house.story.same("no session with her is left", none_left["items"], [])


async def search_of(house: House, cast: Cast, reason: str) -> Any:
    page = await ruth(house).until(
        "assignments/covers",
        lambda page: any(one["reason"] == reason for one in page["items"]),
        f"cover is looked for: {reason}",
        child_id=cast.esme.id,
    )
    search = next(one for one in page["items"] if one["reason"] == reason)
    house.story.same("somebody is looked for, as a broadcast", search["form"], "broadcast")
    return search


async def manager_heard(house: House, cast: Cast, kind: str, what: str, which: Any) -> Any:
    """What the manager was told of this, once it is as it should be."""
    mine = cast.recipients["manager"]
    page = await house.somebody("manager", "mina").until(
        f"notifications/recipients/{mine}/inbox",
        lambda page: any(map(which, page["items"])),
        what,
        type=kind,
        limit=200,
    )
    return next(one for one in page["items"] if which(one))


async def all_the_same(house: House, cast: Cast) -> None:
    """What is urgent comes at once, at night too."""
    one = await manager_heard(
        house, cast, "mentor_suspended", "the manager hears of it in the quiet hours",
        lambda one: one["mentor_id"] == cast.nadia.id and one["escalated_from"] is None and is_sent(one),
    )  # fmt: skip
    house.story.same(
        "what is urgent reaches Mina at seven, although it is quiet",
        (one["urgent"], one["held_for"]),
        (True, None),
    )
    house.story.holds(
        "and its subject line names nobody", cast.nadia.name.split()[0] not in one["subject_line"], one
    )


def is_sent(one: Any) -> bool:
    """Whether it left by mail."""
    return any(
        way["channel"] == "email" and way["status"] in ("sent", "delivered") for way in one["deliveries"]
    )


async def nobody_answered(house: House, cast: Cast) -> None:
    """The coordinator had an hour to acknowledge; then the manager hears of it once more, and answers."""
    await clocks.go_on(house, cast.days.at(28, "08:05"))
    one = await manager_heard(
        house, cast, "mentor_suspended", "it is escalated to the manager",
        lambda one: one["mentor_id"] == cast.nadia.id and one["escalated_from"] is not None,
    )  # fmt: skip
    manager, path = house.somebody("manager", "mina"), f"notifications/notifications/{one['notification_id']}"
    done = await manager.do(f"{path}/acknowledgement")
    found = await manager.ask(path, done.place)
    house.story.holds(
        "nobody acknowledged it within the hour: escalated to Mina, who answers for it",
        bool(found["acknowledged_at"]),
        found,
    )


async def covered(house: House, cast: Cast) -> None:
    """Somebody takes the next day; the session is theirs."""
    search = await search_of(house, cast, "mentor_suspended")
    body = {"mentor_id": cast.greta.id, "days": [cast.days[29].isoformat()]}
    await house.somebody("mentor", cast.greta.id).do(f"assignments/covers/{search['cover_id']}/accept", body)
    await hold(house, cast, 29, cast.greta)


async def lifted(house: House, cast: Cast) -> None:
    """The suspension ends: what was called off for it is planned anew, and nobody is looked for."""
    await clocks.go_on(house, cast.days.at(29, "12:00"))
    officer = house.somebody("compliance", "colm")
    await officer.do(f"training/mentors/{cast.nadia.id}/suspension/lifting")
    session = await session_on(house, cast, 30, cast.nadia)
    house.story.same(
        f"lifted: from {cast.days[30]:%A} on {cast.nadia.name} is with {cast.esme.name} again",
        (session["state"], session["cover"]),
        ("scheduled", False),
    )
    search = await search_of(house, cast, "mentor_suspended")
    coming = cast.days[30].isoformat()
    found = await ruth(house).until(
        f"assignments/covers/{search['cover_id']}",
        lambda found: all(one["state"] != "open" for one in found["days"] if one["day"] >= coming),
        "nobody is looked for any more",
    )
    fates = {one["state"] for one in found["days"] if one["day"] >= coming}
    house.story.same("and nobody is looked for any more", fates, {"not_needed"})
