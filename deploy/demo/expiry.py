"""Chapter 6: a certification expires, the mentor is stood down, and what was to come is stopped."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.contact import Meetings, hour
from deploy.demo.matching import Assignment
from deploy.demo.register import School
from deploy.demo.requests import Office
from deploy.demo.training import Mentors


@dataclass(frozen=True, slots=True)
class Expiry:
    """`known_at` is a moment before it, `before` what audit said of the child then, `correlation` the thread."""

    known_at: datetime
    before: Any
    correlation: str


async def play(
    house: House, school: School, made: Assignment, mentors: Mentors, meetings: Meetings, office: Office
) -> Expiry:
    with house.story.chapter("A certification expires"):
        known_at, before = await moment_before(house, made)
        first_without = mentors.maya_until + timedelta(days=1)
        stood_before = await state_of(house, made)
        house.story.same(f"{made.mentor.name} is deployable", stood_before["state"], "deployable")
        await clocks.move(house, datetime.combine(first_without, time(6), UTC))
        await stood_down(house, made, first_without.isoformat())
        correlation = await by_due_time(house, made, first_without.isoformat())
        await sessions_stop(house, made, meetings)
        await nothing_new(house, school, made, first_without.isoformat())
        await office_hears(house, made, meetings, office)
        house.story.keep(known_at=known_at.isoformat(), correlation_id=correlation)
        return Expiry(known_at, before, correlation)


async def moment_before(house: House, made: Assignment) -> tuple[datetime, Any]:
    """A quiet minute: all recorded so far is before its middle, all to come is after it. What is known then."""
    # A letter under way would be recorded at the time when it was taken up: before the middle, and after the question.
    await clocks.settled(house)
    reached = await clocks.now(house)
    known_at = reached + timedelta(seconds=30)
    await clocks.move(house, reached + timedelta(minutes=1))
    before = await house.somebody("auditor", "ines").ask(
        f"audit/state/children/{made.child.id}", *await house.heads(), known_at=known_at.isoformat()
    )
    support = before["state"]["mentors"][0]["compliance"]
    house.story.same(
        f"as known at {clocks.spoken(known_at)}, {known_at:%H:%M:%S}, the mentor is cleared and in date",
        (support["cleared_by_training"], support["in_date"]),
        (True, True),
    )
    return known_at, before


async def state_of(house: House, made: Assignment) -> Any:
    return await house.somebody("manager", "mina").ask(
        f"training/mentors/{made.mentor.id}/compliance", *await house.heads("training")
    )


async def stood_down(house: House, made: Assignment, day: str) -> None:
    """Nobody did anything: the due-time table did."""
    found = await house.somebody("manager", "mina").until(
        f"training/mentors/{made.mentor.id}/compliance",
        lambda found: bool(found["state"] == "restricted"),
        f"{made.mentor.name} is stood down",
    )
    reasons = [(reason["item"], reason["status"], reason["since"]) for reason in found["reasons"]]
    house.story.same(
        f"{made.mentor.name} is stood down: {found['reasons'][0]['detail']}",
        reasons,
        [("safeguarding", "lapsed", day)],
    )
    house.story.same("no longer deployable, as the evidence itself says", found["deployable"], False)
    house.story.keep(compliance=found)


async def by_due_time(house: House, made: Assignment, day: str) -> str:
    """The facts say who did it: the due-time table. Their correlation id."""
    facts = await house.somebody("auditor", "ines").ask_all(
        f"audit/timelines/mentors/{made.mentor.id}", *await house.heads()
    )
    expired = [fact for fact in facts if fact["type"] == "training.CertificationExpired.v1"]
    down = [fact for fact in facts if fact["type"] == "training.MentorStoodDown.v1"]
    house.story.same(
        "recorded by the due-time table: CertificationExpired and MentorStoodDown, each once",
        [
            (fact["actor"], fact["data"].get("expired_on", fact["data"].get("stood_down_on")))
            for fact in expired + down
        ],
        [("due:certification_expiry", day)] * 2,
    )
    return str(down[0]["correlation_id"])


async def sessions_stop(house: House, made: Assignment, meetings: Meetings) -> None:
    """The coming sessions are cancelled, what took place stays."""
    coordinator = house.somebody("coordinator", "ruth")

    def stopped(page: Any) -> bool:
        return {one["session_id"] for one in page["items"]} >= set(meetings.coming)

    page = await coordinator.until(
        "sessions/sessions",
        stopped,
        "coming sessions are cancelled",
        child_id=made.child.id,
        state="cancelled",
    )
    seen = {one["session_id"]: (one["cancel_reason"], one["cancelled_by"]) for one in page["items"]}
    house.story.same(
        f"the {len(meetings.coming)} coming sessions are cancelled, because the mentor is stood down",
        seen,
        dict.fromkeys(meetings.coming, ("mentor_stood_down", "agency")),
    )
    left = await coordinator.ask_all("sessions/sessions", child_id=made.child.id, state="submitted")
    house.story.same(
        "the sessions that took place stay as they were logged",
        {one["session_id"] for one in left},
        {meetings.logged, meetings.breached},
    )


async def nothing_new(house: House, school: School, made: Assignment, day: str) -> None:
    """No session is planned with this mentor, and they are offered to nobody."""
    after = await house.heads("training")
    at = clocks.at(
        clocks.school_days(datetime.fromisoformat(day).date(), 5)[-1], "13:00", school["time_zone"]
    )
    coordinator = house.somebody("coordinator", "ruth")
    refused = await coordinator.refused(
        "mentor_not_deployable", "sessions/sessions", hour(made.mentor, made, at), *after
    )
    seen = {item["item"]: item["since"] for item in refused.body["items"]}
    house.story.same("the refusal names the item and its date", seen, {"safeguarding": day})


async def office_hears(house: House, made: Assignment, meetings: Meetings, office: Office) -> None:
    """The coordinator is told of the mentor and of each session."""

    def told(page: Any) -> bool:
        return len(about(page, made, meetings)) >= 1 + len(meetings.coming)

    page = await house.somebody("coordinator", "ruth").until(
        f"notifications/recipients/{office.coordinator}/inbox", told, "the coordinator is told", limit=200
    )
    found = about(page, made, meetings)
    expected = ["deployability_lost", *["session_cancelled"] * len(meetings.coming)]
    house.story.same(
        f"the coordinator is told: that the mentor may not be with a child, and of {len(meetings.coming)} sessions",
        sorted(one["type"] for one in found),
        expected,
    )


def about(page: Any, made: Assignment, meetings: Meetings) -> list[Any]:
    return [
        one
        for one in page["items"]
        if (one["type"] == "deployability_lost" and one["mentor_id"] == made.mentor.id)
        or (one["type"] == "session_cancelled" and one["session_id"] in meetings.coming)
    ]
