"""Chapter 3: mentors are engaged, trained and vetted; one misses a track, one clearance has lapsed."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House, Somebody
from deploy.demo.clocks import months_later, school_days
from deploy.demo.courses import COURSES, publish
from shared.contracts.eligibility import CLEARANCES, REQUIRED, TRACKS

COMPLETED_DAYS_AGO = 60
EXPIRES_AFTER_DAYS = 9


@dataclass(frozen=True, slots=True)
class Plan:
    """A mentor as the story wants them. Days ago by track and by clearance; `misses` are not taken at all."""

    name: str
    completed: dict[str, date]
    recheck_due_on: dict[str, date] = field(default_factory=dict)
    misses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor of the story; `lacking`: each item that keeps them from a child, and since when."""

    id: str
    name: str
    lacking: dict[str, str | None] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Mentors:
    """Maya's safeguarding runs out soon, Owen and Pia are ready, Tara misses a track, Dev's papers lapsed."""

    maya: Mentor
    owen: Mentor
    pia: Mentor
    tara: Mentor
    dev: Mentor
    maya_until: date
    courses: dict[str, str] = field(hash=False)

    @property
    def all(self) -> tuple[Mentor, ...]:
        return (self.maya, self.owen, self.pia, self.tara, self.dev)


async def play(house: House, at: datetime) -> Mentors:
    with house.story.chapter("Mentors are engaged, trained and vetted"):
        today, story = at.date(), house.story
        courses = await publish(house)
        plans = planned(today)
        story.teller.say(
            f"{len(plans)} mentors: {len(CLEARANCES)} clearances and {len(TRACKS)} courses each, "
            f"recorded by a compliance officer and a trainer."
        )
        mentors = await asyncio.gather(*(become(house, plan, courses, today) for plan in plans))
        for plan, mentor in zip(plans, mentors, strict=True):
            await stands(house, mentor, today)
            story.keep(**{plan.name.split()[0].lower(): mentor.id})
        until = months_later(plans[0].completed["safeguarding"], 12) - timedelta(days=1)
        await runs_out(house, mentors[0], until)
        maya, owen, pia, tara, dev = mentors
        return Mentors(maya, owen, pia, tara, dev, maya_until=until, courses=courses)


def planned(today: date) -> list[Plan]:
    """What each of them has shown, relative to today."""
    recent: dict[str, date] = dict.fromkeys(TRACKS, today - timedelta(days=COMPLETED_DAYS_AGO))
    soon = school_days(today, 1)[0] + timedelta(days=EXPIRES_AFTER_DAYS)
    a_year_before = soon - timedelta(days=365)
    lapsed = today - timedelta(days=400)
    return [
        Plan("Maya Lindqvist", {**recent, "safeguarding": a_year_before}),
        Plan("Owen Castell", dict(recent)),
        Plan("Pia Moreau", dict(recent)),
        Plan("Tara Niven", dict(recent), misses=frozenset({"ot"})),
        Plan(
            "Dev Anand",
            {**recent, "safeguarding": lapsed},
            recheck_due_on={"dbs_enhanced": today - timedelta(days=30)},
        ),
    ]


async def become(house: House, plan: Plan, courses: dict[str, str], today: date) -> Mentor:
    """Engage a mentor and record all that they have shown."""
    coordinator = house.somebody("coordinator", "ruth")
    email = f"{plan.name.lower().replace(' ', '.')}.{house.run}@example.org"
    body = {"name": plan.name, "email": email, "engaged_on": today.isoformat()}
    engaged = await coordinator.do("assignments/mentors", body)
    mentor_id = str(engaged.body["mentor_id"])
    officer = house.somebody("compliance", "colm").hushed
    for kind in CLEARANCES:
        await officer.do(f"training/mentors/{mentor_id}/clearances", clearance(plan, kind, today))
    trainer = house.somebody("trainer", "tom").hushed
    for track in TRACKS:
        await take(trainer, mentor_id, courses[track], plan.completed[track], today, track in plan.misses)
    return Mentor(mentor_id, plan.name, lacking(plan, today))


def clearance(plan: Plan, kind: str, today: date) -> dict[str, Any]:
    """Evidence of this kind. A DBS certificate has no expiry of its own, but a day for looking again."""
    due = plan.recheck_due_on.get(kind)
    if due is None and kind == "dbs_enhanced":
        due = months_later(today, 24)
    issued = today - timedelta(days=1095)
    return {
        "kind": kind,
        "issued_on": issued.isoformat(),
        "last_status_check_on": (due - timedelta(days=365)).isoformat() if due and due <= today else None,
        "recheck_due_on": due.isoformat() if due else None,
        "reference": f"{kind.upper()}-{issued:%Y}-0417",
    }


async def take(
    trainer: Somebody, mentor_id: str, course_id: str, completed: date, today: date, missed: bool
) -> None:
    """Assign the course and, unless it is missed, record its completion."""
    due = (today + timedelta(days=14)).isoformat()
    assignment = {"mentor_id": mentor_id, "course_id": course_id, "due_on": due}
    assigned = await trainer.do("training/enrolments", assignment)
    if not missed:
        passed = {"completed_on": completed.isoformat(), "evidence": f"attendance sheet {completed:%Y-%m-%d}"}
        await trainer.do(f"training/enrolments/{assigned.body['enrolment_id']}/completion", passed)


def lacking(plan: Plan, today: date) -> dict[str, str | None]:
    """What this plan leaves open, and since which day, by our own reckoning."""
    found: dict[str, str | None] = {}
    for kind, due in plan.recheck_due_on.items():
        if due < today:
            found[kind] = (due + timedelta(days=1)).isoformat()
    for track in TRACKS:
        months = COURSES[track][1]
        first_without = months_later(plan.completed[track], months) if months else date.max
        if track in plan.misses:
            found[track] = None
        elif first_without <= today:
            found[track] = first_without.isoformat()
    return found


async def stands(house: House, mentor: Mentor, today: date) -> None:
    """Training and assignments both know exactly what the mentor lacks."""
    manager, story = house.somebody("manager", "mina"), house.story
    path = f"training/mentors/{mentor.id}/compliance"
    told = len(REQUIRED) - len(mentor.lacking)

    def all_in(found: Any) -> bool:
        valid = [item for item in found["items"] if item["state"] == "valid"]
        return len(valid) >= told and (found["state"] == "deployable") == (not mentor.lacking)

    found = await manager.until(path, all_in, f"{mentor.name} is certified", on=today)
    short = {item["item"]: item["since"] for item in found["shortfalls"]}
    heard = await manager.ask(
        f"assignments/mentors/{mentor.id}", *await house.heads("assignments", "training"), on=today
    )
    here = {item["item"]: item["since"] for item in heard["shortfalls"]}
    if mentor.lacking:
        said = "; ".join(item["detail"] for item in found["shortfalls"])
        story.same(f"{mentor.name} may not be with a child: {said}", short, mentor.lacking)
    else:
        story.same(
            f"{mentor.name} is deployable: {told} of {len(REQUIRED)} required items are valid",
            (found["deployable"], short),
            (True, {}),
        )
    story.same("and assignments has heard the same from training", here, mentor.lacking)


async def runs_out(house: House, mentor: Mentor, until: date) -> None:
    """One certification will end within the story."""
    found = await house.somebody("manager", "mina").ask(f"training/mentors/{mentor.id}/compliance")
    item = next(item for item in found["items"] if item["item"] == "safeguarding")
    house.story.same(
        f"{mentor.name}'s safeguarding update counts until {clocks.spoken(until)}, and no longer",
        item["valid_until"],
        until.isoformat(),
    )
    due = (await house.status("training"))["due"]
    house.story.holds(f"the due-time table holds {due['waiting']} times to come", due["waiting"] > 0, due)
