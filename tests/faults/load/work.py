"""The steps of an ordinary day, some of them in a race, some of them to be refused."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from random import Random

from tests.faults.load import stand_in
from tests.faults.load.agency import Agency

Step = Callable[[Agency], Awaitable[None]]
AREAS = ("speech_and_language", "social", "academic")


async def accept_a_child(agency: Agency) -> None:
    """A school asks, and the agency takes it on."""
    asked = {
        "school_id": agency.some(agency.schools),
        "requester_kind": "school",
        "child_name": agency.name("Child"),
        "needs": "Help with words and with friends.",
    }
    received = await agency.client.command("assignments", "/support-requests", asked)
    if received is None:
        return
    provision = {
        "birth_date": "2018-05-04",
        "minutes_per_week": agency.rng.choice((300, 600, 900)),
        "areas": agency.rng.sample(AREAS, 2),
        "effective_from": str(agency.today - timedelta(days=40)),
    }
    path = f"/support-requests/{received['request_id']}"
    await judge_a_request(agency, path)
    if agency.rng.random() < 0.15:
        await agency.client.command("assignments", f"{path}/decline", {"reason": "no_capacity"})
    elif await agency.client.command("assignments", f"{path}/take-on", provision):
        agency.children.append(received["child_id"])


async def judge_a_request(agency: Agency, path: str) -> None:
    """Triage; now and then with a question to whoever asked, or a wait for their turn."""
    body: dict[str, object] = {
        "urgency": agency.rng.choice(("routine", "soon", "urgent")),
        "areas": ["social"],
    }
    await agency.client.command("assignments", f"{path}/triage", body)
    soon = str(agency.today + timedelta(days=7))
    if agency.rng.random() < 0.2:
        body = {"question": "Which words are hard?", "answer_due_on": soon}
        await agency.client.command("assignments", f"{path}/ask", body)
        await agency.client.command("assignments", f"{path}/answer", {"answer": "Long ones."})
    if agency.rng.random() < 0.2:
        body = {"reason": "no_mentor_free", "review_on": soon}
        await agency.client.command("assignments", f"{path}/waitlist", body)
        await agency.client.command("assignments", f"{path}/resume")


async def race_for_a_child(agency: Agency) -> None:
    """Two mentors are offered for one child, and both are to begin at the same moment."""
    child = agency.some(agency.children)
    if child is None:
        return
    chosen = agency.rng.sample(agency.mentors, 2)
    offers = await asyncio.gather(*(_offer(agency, child, mentor) for mentor in chosen))
    begun = str(agency.today - timedelta(days=agency.rng.randint(0, 20)))
    await asyncio.gather(
        *(
            _begin(agency, offer, mentor, child, begun)
            for offer, mentor in zip(offers, chosen, strict=True)
            if offer
        )
    )


async def _offer(agency: Agency, child: str, mentor: str) -> str | None:
    body = {"child_id": child, "mentor_id": mentor}
    made = await agency.client.command("assignments", "/offers", body)
    if made is None:
        return None
    await agency.client.command("assignments", f"/offers/{made['assignment_id']}/accept")
    return str(made["assignment_id"])


async def _begin(agency: Agency, offer: str, mentor: str, child: str, on: str) -> None:
    path = f"/assignments/{offer}/activate"
    if await agency.client.command("assignments", path, {"effective_from": on}):
        agency.assignments.append((offer, mentor, child))
    elif agency.rng.random() < 0.5:
        await agency.client.command("assignments", f"/offers/{offer}/cancel", {"reason": "replaced"})


async def end_an_assignment(agency: Agency) -> None:
    """Mentors are few, so that support ends often."""
    if len(agency.assignments) < 3:
        return
    offer, _, _ = agency.assignments.pop(agency.rng.randrange(len(agency.assignments)))
    ended = {"reason": "outcomes_reached", "ended_on": str(agency.today + timedelta(days=1))}
    await agency.client.command("assignments", f"/assignments/{offer}/end", ended)
    if agency.rng.random() < 0.8:  # the others keep the next mentor waiting
        known = {"summary": "Picture cards before a change of room."}
        await agency.client.command("assignments", f"/assignments/{offer}/handover", known)


async def hold_a_session(agency: Agency) -> None:
    """Contact of yesterday or three days ago: started, and mostly logged; now and then with the whole class.

    What falls due of it has fallen due: who starts too late, and who does not log, is found at once.
    """
    found = agency.some(agency.assignments)
    if found is None:
        return
    session = await _schedule(agency, found, days=-agency.rng.choice((1, 1, 3)))
    if session is None:
        return
    stream, starts_at, after = session
    path = f"/sessions/{stream}"
    if agency.rng.random() < 0.15:
        return  # missed
    await agency.client.command("sessions", f"{path}/start", {"started_at": starts_at}, after=after)
    if agency.rng.random() < 0.3:
        return  # not logged
    whole_class = agency.rng.random() < 0.25
    log = {
        "activities": ["comfort", "whole_class" if whole_class else "english"],
        "contact_minutes": 20,
        "ratio": "one_to_one",
        "notes": "It went well.",
    }
    if agency.rng.random() < 0.3:
        await agency.client.command("sessions", f"{path}/draft", {"notes": "It went"})
    if await agency.client.command("sessions", f"{path}/log", log):
        await check_a_log(agency, path, log)


async def check_a_log(agency: Agency, path: str, log: object) -> None:
    """Somebody else approves it, or returns it, and it comes again; a few do not count after all."""
    checks = {"name": "ayo"}
    if agency.rng.random() < 0.2:
        body = {"reason": "Say which game it was."}
        await agency.client.command("sessions", f"{path}/return", body, **checks)
        await agency.client.command("sessions", f"{path}/log", log)
    await agency.client.command("sessions", f"{path}/approve", {}, **checks)
    if agency.rng.random() < 0.1:
        body = {"reason_code": "recorded_in_error", "reason": "It was another child."}
        await agency.client.command("sessions", f"{path}/void", body, **checks)


async def plan_a_session(agency: Agency) -> None:
    """Contact of a coming day; two clients may want the same hour, and some sessions are called off."""
    found = agency.some(agency.assignments)
    if found is None:
        return
    days = agency.rng.randint(1, 9)
    made = await asyncio.gather(*(_schedule(agency, found, days) for _ in range(agency.rng.choice((1, 2)))))
    agency.sessions += [session[0] for session in made if session]
    if agency.sessions and agency.rng.random() < 0.3:
        stream = agency.sessions.pop(0)
        body = {"cancelled_by": "school", "reason": "school_closed"}
        await agency.client.command("sessions", f"/sessions/{stream}/cancellation", body)


async def _schedule(agency: Agency, found: tuple[str, str, str], days: int) -> tuple[str, str, str] | None:
    _, mentor, child = found
    day = agency.today + timedelta(days=days)
    starts_at = datetime.combine(day, time(8), UTC) + timedelta(minutes=20 * agency.rng.randrange(24))
    body = {
        "mentor_id": mentor,
        "child_id": child,
        "starts_at": starts_at.isoformat(),
        "ends_at": (starts_at + timedelta(minutes=20)).isoformat(),
    }
    made = await agency.client.command("sessions", "/sessions", body)
    if made is None:
        return None
    return made["session_id"], starts_at.isoformat(), f"sessions:{made['position']}"


async def show_an_old_certificate(agency: Agency) -> None:
    """A new mentor brings a certificate that has run out: it falls due at once, and people are told."""
    mentor = await agency.engage()
    if mentor:
        await agency.certify(mentor, "bed", days_ago=900)


async def ask_for_what_is_not_allowed(agency: Agency) -> None:
    """Rubbish, another region's coordinator, a mentor who may not: nothing of it may leave a trace."""
    body = {"name": "Nobody", "email": "nobody@example.org", "engaged_on": str(agency.today)}
    match agency.rng.randrange(3):
        case 0:
            await agency.client.command("assignments", "/mentors", body | {"engaged_on": "yesterday"})
        case 1:
            await agency.client.command("assignments", "/mentors", body, region="elsewhere")
        case _:
            await agency.client.command("assignments", "/mentors", body, role="mentor")


STEPS: dict[Step, int] = {
    stand_in.ask_for_cover: 3,
    stand_in.report_a_mentor_absent: 1,
    stand_in.answer_for_cover: 3,
    accept_a_child: 4,
    race_for_a_child: 4,
    end_an_assignment: 3,
    hold_a_session: 4,
    plan_a_session: 3,
    show_an_old_certificate: 2,
    ask_for_what_is_not_allowed: 1,
}


async def work(agency: Agency, stop: asyncio.Event, seed: int, pause: float) -> None:
    """One worker: step after step, with a breath between them, until told to stop."""
    rng = Random(seed)
    steps, weights = list(STEPS), list(STEPS.values())
    while not stop.is_set():
        await rng.choices(steps, weights)[0](agency)
        try:
            async with asyncio.timeout(rng.random() * 2 * pause):
                await stop.wait()
        except TimeoutError:
            continue
