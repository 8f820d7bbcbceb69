"""Chapter 8: the audit service tells the child's story, and what was known before it changed."""

import asyncio
from collections import Counter
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

from deploy.demo import known
from deploy.demo.calling import STORES, House, Somebody
from deploy.demo.expiry import Expiry
from deploy.demo.matching import Assignment

TOLD_BY = [
    "assignments.SupportRequestReceived.v1",
    "assignments.SupportRequestTriaged.v1",
    "assignments.SupportRequestTakenOn.v1",
    "assignments.ChildAccepted.v1",
    "assignments.ProvisionSpecified.v1",
    "assignments.MentorOffered.v1",
    "assignments.OfferAccepted.v1",
    "assignments.MentorAssigned.v1",
    "sessions.SessionScheduled.v1",
    "sessions.SessionStarted.v1",
    "sessions.SessionLogged.v1",
    "sessions.RoleBoundaryBreached.v1",
    "training.CertificationExpired.v1",
    "training.MentorStoodDown.v1",
    "sessions.SessionCancelled.v1",
    "notifications.NotificationRequested.v1",
]
"""What the timeline of this child holds at least, in the order in which each first happens."""
IN_ORDER = TOLD_BY[:-2]
"""Clocks of services agree to some milliseconds only, and the last two follow within those."""


async def play(house: House, made: Assignment, expiry: Expiry) -> None:
    with house.story.chapter("What the auditor sees"):
        auditor = house.somebody("auditor", "ines")
        after = await house.heads()
        facts = await auditor.ask_all(f"audit/timelines/children/{made.child.id}", *after)
        whole_timeline(house, facts, made)
        await exact_bytes(auditor, facts)
        await one_thread(auditor, expiry, after)
        await known.known_before(auditor, made, expiry, after)
        kept = ("recorded_at", "type", "source", "position", "id")
        house.story.keep(timeline=[{name: fact[name] for name in kept} for fact in facts])


def whole_timeline(house: House, facts: list[Any], made: Assignment) -> None:
    """Every service's part of it, in order."""
    story, types = house.story, Counter(fact["type"] for fact in facts)
    columns = ["recorded", "service", "fact", "", "by"]
    story.teller.table(f"{made.child.name}, without what people were told", columns, shortened(facts))
    mute = [name for name in STORES if name != "audit" and name not in {fact["source"] for fact in facts}]
    story.same(f"the timeline has {len(facts)} facts of all four services that record", mute, [])
    story.same("with every step of the story", [kind for kind in TOLD_BY if kind not in types], [])
    moments = [
        (datetime.fromisoformat(fact["recorded_at"]), fact["source"], fact["position"]) for fact in facts
    ]
    story.holds("in the order in which they were recorded, each once", moments == sorted(set(moments)))
    begun = [next(n for n, fact in enumerate(facts) if fact["type"] == kind) for kind in IN_ORDER]
    story.same("and the story began, went on and ended as it was told here", begun, sorted(begun))
    through = {fact["through"] for fact in facts if fact["source"] == "training"}
    story.same("training's part belongs to it through the mentor of those days", through, {made.mentor.id})


def shortened(facts: list[Any]) -> list[list[str]]:
    """A row for each step, several of the same kind by the same actor as one."""
    told = [fact for fact in facts if fact["source"] != "notifications"]
    rows = []
    for (source, kind, by), same in groupby(told, lambda fact: (fact["source"], fact["type"], fact["actor"])):
        step = list(same)
        many = f"×{len(step)}" if len(step) > 1 else ""
        rows.append([step[0]["recorded_at"][:19].replace("T", " "), source, kind.split(".")[1], many, by])
    return rows


async def exact_bytes(auditor: Somebody, facts: list[Any]) -> None:
    """Each fact is kept byte for byte."""
    gate = asyncio.Semaphore(16)

    async def digest(fact: Any) -> str:
        async with gate:
            answer = await auditor.get(fact["exact"].lstrip("/"))
        return sha256(answer.body).hexdigest() if answer.status == 200 else f"{answer.status}"

    seen = await asyncio.gather(*map(digest, facts))
    auditor.house.story.same(
        f"the exact bytes of all {len(facts)} have the SHA-256 that the ledger gives",
        list(seen),
        [fact["sha256"] for fact in facts],
    )


async def one_thread(auditor: Somebody, expiry: Expiry, after: list[str]) -> None:
    """From the due time to the letter: one correlation id over three services."""
    thread = await auditor.ask_all("audit/facts", *after, correlation_id=expiry.correlation)
    steps = [
        "training.CertificationExpired.v1",
        "training.MentorStoodDown.v1",
        "sessions.SessionCancelled.v1",
        "notifications.NotificationRequested.v1",
        "notifications.NotificationSent.v1",
    ]
    types = {fact["type"] for fact in thread}
    auditor.house.story.same(
        f"one thread of {len(thread)} facts leads from the due time to the letter, over three services",
        [step for step in steps if step not in types],
        [],
    )
    ids = {fact["id"] for fact in thread}
    down = next(fact for fact in thread if fact["type"] == "training.MentorStoodDown.v1")
    causes = {fact["causation_id"] for fact in thread if fact["type"] == "sessions.SessionCancelled.v1"}
    auditor.house.story.same(
        "each cancelled session names the stand-down as its cause", causes, {down["id"]} & ids
    )
