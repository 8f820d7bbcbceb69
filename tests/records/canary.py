"""A child, a mentor and a mother with unmistakable names and words, and all that happens to them here."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx

from deploy.demo import clocks
from deploy.demo.calling import House, Somebody
from deploy.demo.courses import publish
from deploy.demo.story import Story
from deploy.demo.terminal import Silence
from deploy.demo.training import Plan, become
from deploy.embedded import System
from shared.contracts.eligibility import TRACKS

# By what each is kept for. Nothing else on earth contains them.
WORDS: dict[str, tuple[str, ...]] = {
    "profile": ("Zephyrine", "Quillfeather", "2016-02-29"),
    "casework": (
        "wobblegrass",  # what the child needs
        "snarkle",  # an outcome
        "plimsollery",  # a review
        "gribbetting",  # a handover
        "fandangling",  # notes of a session
        "murgatroid",  # a returned log
        "quozzle",  # a question and its answer
    ),
    "safeguarding": ("bruxelform", "dornickly"),
    "contact": ("Ottoline", "Vandersnoot", "vandersnoot", "+447700900917", "Nettlescombe"),
    "employment": ("Barnabus", "Threpplewhite", "fizgigger"),
}
CHILD, MENTOR, MOTHER = "Zephyrine Quillfeather", "Barnabus Threpplewhite", "Ottoline Vandersnoot"
OTHER = "Ada Hartley"


@dataclass(frozen=True)
class Played:
    """Ids of the story, and the key and body under which the first request was sent."""

    child: str
    other: str
    mentor: str
    mother: str
    request: str
    session: str
    sent: tuple[str, dict[str, Any]]


@asynccontextmanager
async def house_of(system: System) -> Any:
    """The running system, as those who work there reach it."""
    limits = httpx.Limits(keepalive_expiry=2)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
        numbers: Iterator[int] = count(1)
        yield House(system.urls, system.region, "canary", client, Story(Silence()), numbers)


async def play(house: House, schools: Path) -> Played:
    """The whole of it, until child and mentor have left."""
    with house.story.chapter("canary"):
        at = await clocks.now(house)
        at = await clocks.move(
            house, clocks.at(clocks.school_days(at.date(), 1)[0], "08:30", "Europe/London")
        )
        school = await _school(house, schools)
        courses = await publish(house)
        recent: dict[str, date] = {track: at.date() - timedelta(days=60) for track in TRACKS}
        mentor = (await become(house, Plan(MENTOR, recent), courses, at.date())).id
        ruth = house.somebody("coordinator", "ruth")
        await ruth.do(f"assignments/mentors/{mentor}/profile", _mentor_profile())
        withdrawn = {"kind": "right_to_work", "issued_on": "2020-02-03", "reference": "fizgigger 7"}
        await house.somebody("compliance", "colm").do(f"training/mentors/{mentor}/clearances", withdrawn)
        sent = ("canary-request", _request(school["school_id"]))
        asked = await ruth.do("assignments/support-requests", sent[1], key=sent[0])
        child, request = asked.body["child_id"], asked.body["request_id"]
        mother = await ruth.do("notifications/recipients", _mother(child))
        other = await _other(ruth, school["school_id"], at.date())
        await _taken_on(ruth, request, at.date())
        await _supported(house, child, mentor, at.date())
        session = await _contact(house, child, mentor, at)
        await _concern(house, child)
        await _left(house, child, mentor, at.date())
    return Played(child, other, mentor, mother.body["recipient_id"], request, session, sent)


async def _school(house: House, schools: Path) -> dict[str, Any]:
    """The first primary school of the register that is open."""
    content = await asyncio.to_thread(schools.read_bytes)
    head, *lines = content.splitlines(keepends=True)
    some = [line for line in lines if b",Primary," in line and b",Open," in line][:1]

    async def sent() -> AsyncIterator[bytes]:
        yield head + b"".join(some)

    manager = house.somebody("manager", "mina")
    await manager.send("assignments/schools/import", content=sent())
    found = await manager.ask("assignments/schools", *await house.heads("assignments"))
    school: dict[str, Any] = found["items"][0]
    return school


def _request(school_id: str) -> dict[str, Any]:
    return {
        "school_id": school_id,
        "requester_kind": "parent",
        "requester_name": MOTHER,
        "child_name": CHILD,
        "needs": "Hides in the wobblegrass when a lesson gets loud.",
    }


def _mother(child: str) -> dict[str, Any]:
    return {
        "role": "parent",
        "name": MOTHER,
        "email": "o.vandersnoot@example.org",
        "phone": "+447700900917",
        "child_id": child,
    }


def _mentor_profile() -> dict[str, Any]:
    return {
        "areas": ["speech_and_language"],
        "curriculum_levels": ["key_stage_1"],
        "experience": [],
        "languages": ["en"],
        "town": "Nettlescombe",
        "postcode_district": "TA4",
    }


async def _other(ruth: Somebody, school_id: str, today: date) -> str:
    """Somebody who is not forgotten."""
    body = {
        **_request(school_id),
        "child_name": OTHER,
        "requester_name": "Ben Hartley",
        "needs": "Finds words hard.",
    }
    asked = await ruth.do("assignments/support-requests", body)
    path = f"assignments/support-requests/{asked.body['request_id']}"
    await ruth.do(f"{path}/take-on", _provision(today, "Says what is wrong"), asked.place)
    return str(asked.body["child_id"])


def _provision(today: date, outcome: str) -> dict[str, Any]:
    return {
        "birth_date": "2016-02-29" if "snarkle" in outcome else "2016-05-05",
        "minutes_per_week": 900,
        "areas": ["speech_and_language"],
        "effective_from": today.isoformat(),
        "outcomes": [{"area": "speech_and_language", "text": outcome}],
    }


async def _taken_on(ruth: Somebody, request: str, today: date) -> None:
    path = f"assignments/support-requests/{request}"
    due = (today + timedelta(days=7)).isoformat()
    await ruth.do(f"{path}/triage", {"urgency": "soon", "areas": ["speech_and_language"]})
    await ruth.do(f"{path}/ask", {"question": "Since when the quozzle?", "answer_due_on": due})
    await ruth.do(f"{path}/answer", {"answer": "The quozzle began in spring."})
    await ruth.do(f"{path}/take-on", _provision(today, "Can snarkle with others"))


async def _supported(house: House, child: str, mentor: str, today: date) -> None:
    ruth = house.somebody("coordinator", "ruth")
    await ruth.do(
        f"assignments/children/{child}/profile",
        {"needs": ["autism"], "curriculum_level": "key_stage_1", "languages": ["en"]},
    )
    review = {"reviewed_on": today.isoformat(), "decision": "continue", "summary": "Much plimsollery."}
    await ruth.do(f"assignments/children/{child}/reviews", review)
    after = await house.heads("assignments", "training")
    offered = await ruth.do("assignments/offers", {"child_id": child, "mentor_id": mentor}, *after)
    offer = offered.body["assignment_id"]
    await ruth.do(f"assignments/offers/{offer}/accept")
    await ruth.do(f"assignments/assignments/{offer}/activate", {"effective_from": today.isoformat()})
    handover = {"last_day": today.isoformat(), "reason": "child_left"}
    await ruth.send(f"assignments/assignments/{offer}/handover/begin", handover)
    await ruth.do(f"assignments/assignments/{offer}/handover", {"summary": "Fond of gribbetting."})


async def _contact(house: House, child: str, mentor: str, at: datetime) -> str:
    ruth, me = house.somebody("coordinator", "ruth"), house.somebody("mentor", mentor)
    nine = at + timedelta(minutes=30)
    times = {"starts_at": nine.isoformat(), "ends_at": (nine + timedelta(hours=1)).isoformat()}
    body = {"mentor_id": mentor, "child_id": child, **times}
    planned = await ruth.do("sessions/sessions", body, *await house.heads("assignments", "training"))
    path = f"sessions/sessions/{planned.body['session_id']}"
    await clocks.move(house, nine)
    await me.do(f"{path}/start", {})
    log = {
        "activities": ["prepare_for_activity"],
        "contact_minutes": 55,
        "ratio": "one_to_one",
        "notes": "Spent the hour fandangling.",
    }
    await clocks.move(house, nine + timedelta(hours=1))
    await me.do(f"{path}/draft", log)
    # What is refused is kept too: the attempt, and the answer under its key.
    await me.send(f"{path}/log", {**log, "activities": ["whole_class"]})
    await me.do(f"{path}/log", log)
    await ruth.do(f"{path}/return", {"reason": "Say more of the murgatroid."})
    await me.do(f"{path}/log", {**log, "notes": "Spent it fandangling, less the murgatroid."})
    return str(planned.body["session_id"])


async def _concern(house: House, child: str) -> None:
    dsl = house.somebody("dsl", "imani")
    body = {"child_id": child, "kind": "neglect", "details": "A bruxelform on the arm."}
    raised = await house.somebody("coordinator", "ruth").do("assignments/concerns", body)
    closed = {"outcome": "no_further_action", "summary": "It was dornickly."}
    await dsl.do(f"assignments/concerns/{raised.body['concern_id']}/close", closed)


async def _left(house: House, child: str, mentor: str, today: date) -> None:
    ruth = house.somebody("coordinator", "ruth")
    exit_ = {"reason": "moved_away", "exited_on": today.isoformat()}
    await ruth.do(f"assignments/children/{child}/exit", exit_)
    await ruth.do(f"assignments/mentors/{mentor}/leave", {"left_on": today.isoformat()})
    await clocks.settled(house)


async def forget(house: House, who: dict[str, str]) -> dict[str, Any]:
    """Requested, decided, approved by two, and certified; the erasure as it stands then, with its receipt."""
    body = {**who, "ground": "no_longer_necessary"}
    asked = await house.somebody("coordinator", "ruth").do(
        "audit/records/erasures", body, *await house.heads()
    )
    path = f"audit/records/erasures/{asked.body['erasure_id']}"
    await house.somebody("compliance", "omar").do(f"{path}/decide", None, *await house.heads("audit"))
    await house.somebody("manager", "dawn").do(f"{path}/approve")
    await house.somebody("dsl", "imani").do(f"{path}/approve")
    auditor = house.somebody("auditor", "ines")
    found = await auditor.until(path, lambda one: one["stage"] == "certified", "every service has forgotten")
    return {**found, "receipt": asked.body["receipt"]}


async def years_pass(house: House) -> None:
    """Until even what is said of a child's safety need not be kept any more; for the records office alone."""
    later = await clocks.now(house) + timedelta(days=366 * 26)
    headers = {"Authorization": f"Bearer dev:operator:{house.region}:canary"}
    moved = await house.client.put(
        house.url("audit/dev/clock"), json={"now": later.isoformat()}, headers=headers
    )
    moved.raise_for_status()


async def look_around(house: House, played: Played) -> str:
    """Everything that those who may see most are shown of the two, as one text."""
    purposes = {"coordinator": "care", "dsl": "safeguarding", "manager": "care"}
    paths = (
        f"assignments/children/{played.child}",
        f"assignments/children/{played.child}/reviews",
        f"assignments/support-requests/{played.request}",
        f"assignments/mentors/{played.mentor}",
        f"assignments/concerns?child_id={played.child}",
        f"sessions/sessions/{played.session}",
        f"training/mentors/{played.mentor}/compliance",
        f"training/mentors/{played.mentor}/evidence",
        f"notifications/recipients/{played.mother}",
        f"audit/timelines/children/{played.child}",
        f"audit/timelines/mentors/{played.mentor}",
        f"audit/state/children/{played.child}",
        f"audit/bundles/children/{played.child}",
    )

    async def shown(role: str, path: str) -> str:
        headers = {
            "Authorization": f"Bearer dev:{role}:{house.region}:{role}",
            "Alongside-Purpose": purposes[role],
        }
        answer = await house.client.get(house.url(path), headers=headers)
        return answer.text if answer.status_code == 200 else ""

    return "\n".join(await asyncio.gather(*(shown(role, path) for role in purposes for path in paths)))


async def given_out(house: House, played: Played) -> str:
    """What leaves the house on request: reports, and copies for the persons themselves."""
    dsl, texts = house.somebody("dsl", "imani"), []
    for kind, key, person in (("child", "child_id", played.child), ("mentor", "mentor_id", played.mentor)):
        body = {"kind": f"{kind}-timeline", "asked": {key: person}}
        report = await dsl.do("audit/reports", body, *await house.heads())
        texts.append(str((await dsl.get(f"audit/reports/{report.body['report_id']}")).body))
        copy = await dsl.do("audit/subject-access", {key: person})
        with ZipFile(BytesIO(b64decode(copy.body["archive"]))) as archive:
            texts += [archive.read(name).decode() for name in archive.namelist()]
    return "\n".join(texts)
