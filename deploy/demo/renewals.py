"""Chapter 17: a certification runs towards its end and is renewed in time; a document turns out to be too old."""

from datetime import datetime, timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.candidates import OT_ENDS
from deploy.demo.cast import Cast, told
from deploy.demo.payday import close
from deploy.demo.suspended import is_sent, manager_heard
from deploy.demo.training import Mentor, take

RUNGS: dict[int, set[str]] = {
    90: {"mentor"},
    60: {"mentor"},
    30: {"mentor", "coordinator"},
    7: {"mentor", "coordinator", "manager"},
}
"""Days left, and who is told then (of those who are there to be told)."""
DBS_WAS_DUE = 20
"""The day up to which Greta's check counted, as is found out later: the day before she covered."""


async def play(house: House, cast: Cast, courses: dict[str, str], periods: dict[str, str]) -> datetime:
    """A moment before the document was found to be too old."""
    with house.story.chapter("What runs out is renewed in time; a document was too old"):
        await climbs(house, cast, periods)
        await digest(house, cast)
        await renewed(house, cast, courses)
        return await too_old(house, cast)


async def climbs(house: House, cast: Cast, periods: dict[str, str]) -> None:
    """Each rung on its day."""
    for left in (60, 30, 7):
        await clocks.go_on(house, cast.days.at(OT_ENDS - left, "06:00"))
        await rung(house, cast, left)
        if left == 30:
            await close(house, periods["second"])
    found = await rungs(house, cast, 7)
    seen = {left: set(roles) for left, roles in found.items()}
    house.story.same(
        f"{cast.lewis.name}'s occupational therapy is announced 90, 60, 30 and 7 days before, to more people each time",
        {left: RUNGS[left] <= seen.get(left, set()) for left in RUNGS},
        dict.fromkeys(RUNGS, True),
    )
    rows = [[str(left), ", ".join(sorted(roles))] for left, roles in sorted(seen.items(), reverse=True)]
    house.story.teller.table("", ["days left", "who is told"], rows)


async def rung(house: House, cast: Cast, left: int) -> None:
    await told(
        house,
        f"{left} days before it runs out it is announced",
        lambda items: RUNGS[left] <= by_days(items).get(left, set()),
        type="certification_expiring",
        mentor_id=cast.lewis.id,
    )


async def rungs(house: House, cast: Cast, left: int) -> dict[int, set[str]]:
    return by_days(
        await told(
            house,
            "the ladder",
            lambda items: left in by_days(items),
            type="certification_expiring",
            mentor_id=cast.lewis.id,
        )
    )


def by_days(items: list[Any]) -> dict[int, set[str]]:
    """Who was told, by days left."""
    found: dict[int, set[str]] = {}
    for one in items:
        left = one["parameters"].get("days_left")
        if left is not None:
            found.setdefault(int(left), set()).add(one["recipient_role"])
    return found


async def digest(house: House, cast: Cast) -> None:
    """The manager wanted one message a day: it goes out at five."""

    def about_lewis(one: Any) -> bool:
        return bool(one["mentor_id"] == cast.lewis.id)

    held = await manager_heard(
        house, cast, "certification_expiring", "it is in the manager's inbox", about_lewis
    )
    house.story.same("Mina's copy waits for her digest", (held["held_for"], is_sent(held)), ("digest", False))
    await clocks.go_on(house, clocks.at(cast.days[OT_ENDS - 7], "17:01", cast.school["time_zone"]))
    sent = await manager_heard(
        house,
        cast,
        "certification_expiring",
        "the digest goes out",
        lambda one: about_lewis(one) and is_sent(one),
    )
    house.story.holds("and goes out with it at five", is_sent(sent), sent["deliveries"])


async def renewed(house: House, cast: Cast, courses: dict[str, str]) -> None:
    """Done five days early, it counts from the day on which the old one ends."""
    await clocks.go_on(house, cast.days.at(OT_ENDS - 5, "09:00"))
    today, trainer = cast.days[OT_ENDS - 5], house.somebody("trainer", "tom")
    await take(trainer, cast.lewis.id, courses["ot"], today, today, missed=False)
    page = await house.somebody("manager", "mina").until(
        "training/certifications",
        lambda page: len(page["items"]) == 2,
        "the renewal is certified",
        mentor_id=cast.lewis.id,
        track="ot",
    )
    old, new = sorted(page["items"], key=lambda one: str(one["valid_from"]))
    begins, ends = cast.days[OT_ENDS + 1], clocks.months_later(cast.days[OT_ENDS + 1], 24) - timedelta(days=1)
    house.story.same(
        "renewed five days early no time is lost: the new period begins when the old one has ended",
        (old["valid_until"], new["valid_from"], new["valid_until"]),
        (cast.days[OT_ENDS].isoformat(), begins.isoformat(), ends.isoformat()),
    )


async def too_old(house: House, cast: Cast) -> datetime:
    """The date on a document was read wrongly: corrected, it had run out before a session. A moment before that."""
    known_at = cast.days.at(OT_ENDS - 5, "11:00")
    await clocks.go_on(house, cast.days.at(OT_ENDS - 5, "12:00"))
    greta, officer = cast.greta, house.somebody("compliance", "colm")
    path = f"training/mentors/{greta.id}"
    shown = await officer.ask(f"{path}/compliance", *await house.heads("training"))
    (proof,) = next(one for one in shown["items"] if one["item"] == "dbs_enhanced")["proofs"]
    document = {
        "kind": "dbs_enhanced",
        "issued_on": proof["valid_from"],
        "last_status_check_on": proof["last_status_check_on"],
    }
    corrected = {
        **document,
        "recheck_due_on": cast.days[DBS_WAS_DUE].isoformat(),
        "reference": "DBS-0417, read again",
    }
    await officer.do(f"{path}/clearances", corrected)
    found = await officer.ask(f"{path}/compliance", *await house.heads("training"))
    since = cast.days[DBS_WAS_DUE + 1].isoformat()
    house.story.same(
        f"{greta.name}'s check counts no more since {since}, as is found out only now",
        (found["state"], [(one["item"], one["since"]) for one in found["shortfalls"]]),
        ("restricted", [("dbs_enhanced", since)]),
    )
    await anew(house, cast, greta, path)
    return known_at


async def anew(house: House, cast: Cast, greta: Mentor, path: str) -> None:
    """A new certificate clears her from its day on, and not before."""
    officer, today = house.somebody("compliance", "colm"), cast.days[OT_ENDS - 5]
    paper = {
        "kind": "dbs_enhanced",
        "issued_on": today.isoformat(),
        "recheck_due_on": clocks.months_later(today, 24).isoformat(),
        "reference": "DBS-0992",
    }
    await officer.do(f"{path}/clearances", paper)
    found = await officer.ask(f"{path}/compliance", *await house.heads("training"))
    house.story.same(
        f"with a new certificate {greta.name} is deployable again",
        (found["state"], found["deployable"]),
        ("deployable", True),
    )
