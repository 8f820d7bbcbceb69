"""Schools, children, mentors and the link between them, made as a scene needs them."""

import csv
import secrets
from collections.abc import AsyncIterator
from datetime import date
from io import StringIO
from typing import Any

from deploy.demo import page
from deploy.demo.claims import DidNotHold
from deploy.demo.courses import COURSES
from deploy.demo.journey import SHIPPED
from deploy.demo.training import Plan, become
from deploy.triggering.stage import DAY, Body, Stage
from shared.contracts.eligibility import TRACKS

AREAS = ["speech_and_language", "occupational"]


async def school(s: Stage) -> Body:
    """An open school, registered if there is none."""

    async def make() -> Body:
        if (found := await _open_school(s)) is None:
            await register(s, new_urn(), "Larkfield Primary School")
            found = await _open_school(s)
        if found is None:
            raise DidNotHold("no school is open here")
        return found

    return await s.once("school", make)


async def _open_school(s: Stage) -> Body | None:
    after = await s.house.heads("assignments")
    listed = await s.house.somebody("coordinator", "ruth").ask("assignments/schools", *after, limit=50)
    return next((one for one in listed["items"] if one["status"] == "open"), None)


def new_urn() -> str:
    return str(100_000 + secrets.randbelow(800_000))


async def register(s: Stage, urn: str, name: str) -> None:
    """Import a register of this one school."""
    sheet = page.read(SHIPPED.read_bytes())
    text = StringIO(newline="")
    writer = csv.DictWriter(text, sheet.columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerow({**sheet.lines[0].cells, "URN": urn, "EstablishmentName": name})

    async def content() -> AsyncIterator[bytes]:
        yield text.getvalue().encode()

    manager = s.house.somebody("manager", "mina")
    answer = await manager.send("assignments/schools/import", content=content())
    if answer.status != 200 or answer.body["rejected_rows"]:
        raise DidNotHold(f"the school was not imported: {answer.body}")
    s.ids.add(urn)


async def request(s: Stage) -> Body:
    """A school asked for support: `request_id`, `child_id`."""

    async def make() -> Body:
        whose = (await school(s))["school_id"]
        wish = {
            "school_id": whose,
            "requester_kind": "school",
            "child_name": "Robin Ashby",
            "needs": "Loses the thread when a room gets loud.",
        }
        return await s.do("assignments/support-requests", wish, role="school", name=whose)

    return await s.once("request", make)


async def child(s: Stage) -> str:
    """A child that was taken on."""

    async def make() -> Body:
        asked = await request(s)
        terms = {**provision(s), "birth_date": s.day(-8 * 365)}
        await s.do(f"assignments/support-requests/{asked['request_id']}/take-on", terms)
        return asked

    return str((await s.once("child", make))["child_id"])


def provision(s: Stage) -> Body:
    """How much of what."""
    outcome = {"area": AREAS[0], "text": "Asks for a pause before one is needed."}
    return {"minutes_per_week": 300, "areas": AREAS, "effective_from": s.day(0), "outcomes": [outcome]}


async def courses(s: Stage) -> dict[str, str]:
    """The newest course of each track, published if there is none."""

    async def make() -> dict[str, str]:
        known = await s.house.somebody("trainer", "tom").ask_all(
            "training/courses", *await s.house.heads("training")
        )
        ids = {
            one["track"]: str(one["course_id"])
            for one in known
            if one.get("state", "published") == "published"
        }
        for track in COURSES:
            if track not in ids:
                ids[track] = (await s.do("training/courses", course(track), role="trainer"))["course_id"]
        return ids

    return await s.once("courses", make)


def course(track: str, title: str = "") -> Body:
    known, months = COURSES[track]
    return {"track": track, "title": title or known, "version": 1, "valid_months": months}


async def mentor(s: Stage, which: str = "one") -> str:
    """A mentor who has all that is needed to be with a child."""

    async def make() -> str:
        completed: dict[str, date] = dict.fromkeys(TRACKS, s.today - 60 * DAY)
        plan = Plan(f"Sam {secrets.token_hex(3).title()}", completed)
        made = await become(s.house, plan, await courses(s), s.today)
        s.ids.add(made.id)
        await s.house.somebody("manager", "mina").until(
            f"training/mentors/{made.id}/compliance",
            lambda found: bool(found["state"] == "deployable"),
            "the mentor may be with a child",
        )
        await s.catch_up("assignments", "training")
        return made.id

    return await s.once(f"mentor {which}", make)


async def engaged(s: Stage) -> str:
    """A mentor who was engaged today, and has shown nothing yet."""

    async def make() -> Body:
        return await s.do("assignments/mentors", {**s.person(), "engaged_on": s.day(0)})

    return str((await s.once("engaged", make))["mentor_id"])


async def offer(s: Stage) -> str:
    """The mentor was proposed for the child; the assignment's id."""

    async def make() -> Body:
        who = {"child_id": await child(s), "mentor_id": await mentor(s)}
        return await s.do("assignments/offers", who)

    return str((await s.once("offer", make))["assignment_id"])


async def accepted(s: Stage) -> str:
    """Everybody agreed."""
    made = await offer(s)
    await s.once("accepted", lambda: s.do(f"assignments/offers/{made}/accept"))
    return made


async def assignment(s: Stage) -> str:
    """The mentor supports the child from today on."""
    made = await accepted(s)
    since = {"effective_from": s.day(0)}
    await s.once("assignment", lambda: s.do(f"assignments/assignments/{made}/activate", since))
    return made


async def enrolment(s: Stage) -> str:
    """A course was assigned to a mentor who was just engaged."""

    async def make() -> Body:
        which: dict[str, Any] = {"mentor_id": await engaged(s), "course_id": (await courses(s))["slt"]}
        return await s.do("training/enrolments", {**which, "due_on": s.day(14)}, role="trainer")

    return str((await s.once("enrolment", make))["enrolment_id"])


async def recipient(s: Stage) -> str:
    """A parent of the child, who is told things by e-mail."""

    async def make() -> str:
        details = {**s.person(), "role": "parent", "child_id": await child(s)}
        made = str((await s.do("notifications/recipients", details))["id"])
        # once it can be read, it can be changed
        await s.house.somebody("manager", "mina").ask(f"notifications/recipients/{made}", *s.after)
        return made

    return await s.once("recipient", make)
