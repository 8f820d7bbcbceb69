"""Chapter 13: the mentor is away and others cover, in part; then the child is away at short notice."""

from datetime import timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.cast import Cast, ruth, session_on, sessions_of, told
from deploy.demo.training import Mentor
from deploy.demo.weeks import hold

AWAY = (17, 18, 21, 22)
"""The school days on which Nadia is ill."""
CHILD_AWAY = (23, 24)


async def play(house: House, cast: Cast) -> None:
    with house.story.chapter("The mentor is away, and then the child"):
        await hold(house, cast, 16, cast.nadia)
        await clocks.go_on(house, cast.days.at(16, "12:00"))
        search = await reported(house, cast)
        await in_part(house, cast, search)
        await plan_only_in_their_days(house, cast)
        await covered(house, cast, cast.lewis, (17, 18))
        await covered(house, cast, cast.greta, (21,))
        await closed_again(house, cast)
        await nobody_left(house, cast, search)
        await short_notice(house, cast)


async def reported(house: House, cast: Cast) -> str:
    """The mentor says that she is ill; sessions are called off and cover is looked for. The search."""
    nadia, days = house.somebody("mentor", cast.nadia.id), cast.days
    absent = {"absent_from": days[17].isoformat(), "absent_until": days[23].isoformat()}
    await nadia.do(f"assignments/mentors/{cast.nadia.id}/absences", {**absent, "reason": "illness"})
    page = await ruth(house).until(
        "assignments/covers",
        lambda page: any(one["reason"] == "mentor_absent" for one in page["items"]),
        "cover is looked for",
        child_id=cast.esme.id,
    )
    search = next(one for one in page["items"] if one["reason"] == "mentor_absent")
    found = await ruth(house).ask(f"assignments/covers/{search['cover_id']}")
    open_days = [one["day"] for one in found["days"] if one["state"] == "open"]
    house.story.same(
        "cover is looked for on each of the days, of whoever may",
        (found["form"], open_days),
        ("broadcast", [days[n].isoformat() for n in AWAY]),
    )
    await called_off(house, cast, AWAY, "mentor_absent")
    heard = await told(
        house,
        "family and school hear that the mentor is away",
        lambda items: {"parent", "school"} <= {one["recipient_role"] for one in items},
        type="mentor_absent",
        mentor_id=cast.nadia.id,
    )
    said = " ".join(one["subject_line"] + one["body"] for one in heard)
    house.story.holds("family and school hear of it, and not why", "ill" not in said.split(), said)
    return str(search["cover_id"])


async def called_off(house: House, cast: Cast, numbers: tuple[int, ...], why: str) -> list[Any]:
    """The sessions of these days are cancelled for this reason."""
    wanted = {cast.days[n].isoformat() for n in numbers}

    def gone(page: Any) -> bool:
        return wanted <= {one["day"] for one in page["items"] if one["cancel_reason"] == why}

    page = await ruth(house).until(
        "sessions/sessions",
        gone,
        f"sessions are called off: {why}",
        child_id=cast.esme.id,
        state="cancelled",
        limit=200,
    )
    mine = [one for one in page["items"] if one["day"] in wanted and one["cancel_reason"] == why]
    days = ", ".join(f"{cast.days[n]:%A}" for n in numbers)
    said = f"the sessions of {days} are called off: {why.replace('_', ' ')}"
    house.story.same(said, {one["day"] for one in mine}, wanted)
    return mine


async def in_part(house: House, cast: Cast, search: str) -> None:
    """One takes two days, another the third; for the fourth there is nobody."""
    days, path = cast.days, f"assignments/covers/{search}"
    for mentor, numbers, status in (
        (cast.lewis, (17, 18), "partially_accepted"),
        (cast.greta, (21,), "partially_accepted"),
    ):
        body = {"mentor_id": mentor.id, "days": [days[n].isoformat() for n in numbers]}
        agreed = await house.somebody("mentor", mentor.id).do(f"{path}/accept", body)
        found = await ruth(house).ask(path, agreed.place)
        left = [one["day"] for one in found["days"] if one["state"] == "open"]
        house.story.same(
            f"{mentor.name} takes {' and '.join(f'{days[n]:%A}' for n in numbers)}; still open: {len(left)}",
            (found["status"], days[22].isoformat() in left),
            (status, True),
        )


async def plan_only_in_their_days(house: House, cast: Cast) -> None:
    """Who covers reads the plan from the day before; who comes later does not yet."""
    path = f"assignments/children/{cast.esme.id}/plan"
    opened = await house.somebody("mentor", cast.lewis.id).until(
        path, lambda found: bool(found.get("provision")), "the plan opens for who covers"
    )
    house.story.same(
        f"{cast.lewis.name} reads {cast.esme.name}'s plan from the day before, as long as he covers",
        (opened["as_role"], opened["provision"]["areas"]),
        ("cover", ["speech_and_language", "occupational"]),
    )
    await ruth(house).until(
        "assignments/assignments",
        lambda page: bool(page["items"]),
        "she is to cover",
        mentor_id=cast.greta.id,
    )
    await shut(house, cast, cast.greta, f"{cast.greta.name}, who comes on Monday, not yet")


async def shut(house: House, cast: Cast, mentor: Mentor, claim: str) -> None:
    answer = await house.somebody("mentor", mentor.id).get(f"assignments/children/{cast.esme.id}/plan")
    house.story.same(
        f"{claim}: {answer.body['detail']}", (answer.status, answer.code), (403, "plan_not_open")
    )


async def covered(house: House, cast: Cast, mentor: Mentor, numbers: tuple[int, ...]) -> None:
    """The sessions of the timetable take place with who covers."""
    for number in numbers:
        session = await session_on(house, cast, number, mentor)
        house.story.same(
            f"on {cast.days[number]:%A} the hour is {mentor.name}'s, as cover", session["cover"], True
        )
        await hold(house, cast, number, mentor)


async def closed_again(house: House, cast: Cast) -> None:
    await shut(house, cast, cast.lewis, f"{cast.lewis.name} reads it no more")


async def nobody_left(house: House, cast: Cast, search: str) -> None:
    """In the evening of the last day the search is given up."""
    await clocks.go_on(house, cast.days.at(22, "17:05"))
    found = await ruth(house).until(
        f"assignments/covers/{search}",
        lambda found: found["closed_at"] is not None,
        "the search is given up",
    )
    fates = {one["day"]: one["state"] for one in found["days"]}
    expected = ["taken", "taken", "taken", "given_up"]
    house.story.same(
        f"nobody was found for {cast.days[22]:%A}",
        fates,
        {cast.days[n].isoformat(): fate for n, fate in zip(AWAY, expected, strict=True)},
    )


async def short_notice(house: House, cast: Cast) -> None:
    """An hour and a half before it begins, the family says that the child is ill."""
    first = cast.starts(CHILD_AWAY[0])
    await clocks.go_on(house, first - timedelta(minutes=90))
    days = cast.days
    absent = {"absent_from": days[23].isoformat(), "absent_until": days[25].isoformat()}
    parent = house.somebody("parent", cast.esme.id)
    await parent.do(f"assignments/children/{cast.esme.id}/absences", {**absent, "reason": "illness"})
    gone = await called_off(house, cast, CHILD_AWAY, "child_absent")
    house.story.same(
        "with less than 24 hours' notice it is charged, with more it is not",
        {one["day"]: (one["cancelled_by"], one["chargeable"]) for one in gone},
        {days[23].isoformat(): ("family", True), days[24].isoformat(): ("family", False)},
    )
    house.story.keep(
        cancelled=gone, held=[one["day"] for one in await sessions_of(house, cast, state="approved")]
    )
