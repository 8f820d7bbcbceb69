"""Days on which a child's own mentor is not there, and others who are asked to come instead."""

from datetime import timedelta
from typing import Any

from tests.faults.load.agency import Agency

LAST_DAY = 40


async def ask_for_cover(agency: Agency) -> None:
    """A coordinator asks: whoever may, one after the other, or names who does it; some of it is cancelled."""
    found = agency.some(agency.assignments)
    if found is None:
        return
    _, own, child = found
    others = [mentor for mentor in agency.mentors if mentor != own]
    form = agency.rng.choice(("broadcast", "individual", "assigned"))
    asked = {"broadcast": [], "individual": agency.rng.sample(others, 2), "assigned": others[:1]}[form]
    body = {"child_id": child, "form": form, "asked": asked, "days": _days(agency)}
    made = await agency.client.command("assignments", "/covers", body)
    if made is None:
        return
    if agency.rng.random() < 0.2:
        path = f"/covers/{made['cover_id']}/cancel"
        await agency.client.command("assignments", path, {"reason": "no_longer_needed"})
    else:
        agency.covers.append(made["cover_id"])


async def report_a_mentor_absent(agency: Agency) -> None:
    """The agency finds out by itself who is needed: a rule opens the search."""
    found = agency.some(agency.assignments)
    if found is None:
        return
    first = agency.today + timedelta(days=agency.rng.randint(1, LAST_DAY))
    back = first + timedelta(days=agency.rng.randint(1, 3))
    body = {"absent_from": str(first), "absent_until": str(back), "reason": "illness"}
    await agency.client.command("assignments", f"/mentors/{found[1]}/absences", body)


async def answer_for_cover(agency: Agency) -> None:
    """Whoever is free says yes, to all days or one; no; or can't after all. Two at the same time may."""
    listed = await agency.client.ask("assignments", "/covers", status="requested", limit=20)
    open_ones = [one["cover_id"] for one in listed["items"]] if listed else []
    cover = agency.some(open_ones or agency.covers)
    if cover is None:
        return
    shown = await agency.client.ask("assignments", f"/covers/{cover}")
    days = [one["day"] for one in shown["days"] if one["state"] == "open"] if shown else []
    mentor = agency.rng.choice(agency.mentors)
    body: dict[str, Any] = {"mentor_id": mentor}
    if agency.rng.random() < 0.2:
        await agency.client.command("assignments", f"/covers/{cover}/decline", body)
        return
    if len(days) > 1 and agency.rng.random() < 0.4:
        body["days"] = days[:1]
    accepted = await agency.client.command("assignments", f"/covers/{cover}/accept", body)
    if accepted and days and agency.rng.random() < 0.25:
        body["days"] = days[:1]
        await agency.client.command("assignments", f"/covers/{cover}/give-back", body)


def _days(agency: Agency) -> list[str]:
    """One to three days in a row, of the coming weeks."""
    first = agency.today + timedelta(days=agency.rng.randint(1, LAST_DAY))
    return [str(first + timedelta(days=more)) for more in range(agency.rng.randint(1, 3))]
