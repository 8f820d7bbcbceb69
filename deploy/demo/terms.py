"""Chapter 10: calendar and timetable: an hour a day, on school days alone, at nine on the school's clock."""

from datetime import UTC, datetime
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House
from deploy.demo.cast import CLOCK, DAY, MINUTES, Cast, ruth, sessions_of
from deploy.demo.payday import open_periods

INSET = 14
"""The day of the story, the first after half-term, on which the teachers are trained and no child comes."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


async def play(house: House, cast: Cast) -> dict[str, str]:
    """Returns the pay periods that are opened."""
    with house.story.chapter("A calendar, a timetable, and the clocks go back"):
        await publish(house, cast)
        await a_year_of_days(house, cast)
        timetable = await set_weekly(house, cast, cast.assignment, 0)
        await only_on_school_days(house, cast, timetable)
        return await open_periods(house, cast)


async def publish(house: House, cast: Cast) -> None:
    """The usual terms for the region; for this school one day more without children."""
    office, year = ruth(house), cast.days.school_year
    await office.do("sessions/calendars/usual", {"school_year": year})
    inset = {"on": cast.days[INSET].isoformat(), "reason": "inset_day"}
    body = {"scope": "school", "scope_key": cast.school["school_id"], "school_year": year}
    await office.do("sessions/calendars", {**body, "closures": [inset], "public_holidays": "none"})


async def a_year_of_days(house: House, cast: Cast) -> None:
    """Each day of the year says whether there is school, and why not."""
    days = cast.days
    found = await ruth(house).ask(
        f"sessions/schools/{cast.school['school_id']}/days",
        *await house.heads("sessions"),
        **{"from": days[0], "to": days[0].replace(year=days[0].year + 1, month=7, day=31)},
    )
    by_day = {one["on"]: one for one in found["days"]}
    half_term = [by_day[days[n].isoformat()]["school"] for n in range(7, 12)]
    house.story.same("no school in the week of half-term", half_term, [False] * 5)
    why = by_day[days[INSET].isoformat()]["why"]
    house.story.holds(f"none on the Monday after it: {why}", "inset" in why.replace("_", " "), why)
    holidays = {
        day: one["why"] for day, one in by_day.items() if "holiday" in (one["why"] or "") and one["term"]
    }
    told = "; ".join(f"{clocks.spoken(datetime.fromisoformat(day))}: {why}" for day, why in holidays.items())
    house.story.holds(f"none on public holidays within a term: {told}", bool(holidays), holidays)
    many = sum(one["school"] for one in found["days"])
    house.story.holds(f"{many} school days are left until the end of July", 120 < many < 190, many)
    house.story.keep(public_holidays=holidays)


async def set_weekly(house: House, cast: Cast, assignment: str, since: int) -> str:
    """An hour every weekday; the timetable's id."""
    slots = [{"weekday": day, "starts": CLOCK, "minutes": MINUTES} for day in WEEKDAYS]
    body = {"assignment_id": assignment, "slots": slots, "effective_from": cast.days[since].isoformat()}
    made = await ruth(house).do("sessions/timetables", body, *await house.heads("assignments"))
    return str(made.body["timetable_id"])


async def planned_by(house: House, timetable: str) -> Any:
    """The timetable, once all of it that can be has become sessions."""
    found = await ruth(house).until(
        f"sessions/timetables/{timetable}",
        lambda found: (
            bool(found["planned"]) and all(one["why"] == "school_closed" for one in found["not_planned"])
        ),
        "the timetable becomes sessions",
    )
    told = {one["day"]: one["detail"] for one in found["not_planned"]}
    house.story.holds(f"each slot without one is told, with the reason: {told}", bool(told), told)
    return found


async def only_on_school_days(house: House, cast: Cast, timetable: str) -> None:
    found, days, story = await planned_by(house, timetable), cast.days, house.story
    until = datetime.fromisoformat(found["expanded_until"]).date()
    free = {*range(7, 12), INSET}
    numbers = [n for n in range((until - days.first) // DAY + 1) if n % 7 < 5 and n not in free]
    listed = await sessions_of(house, cast, state="scheduled")
    seen = {datetime.fromisoformat(one["starts_at"]).astimezone(UTC) for one in listed}
    expected = {cast.starts(n) for n in numbers}
    if until not in {one.date() for one in seen}:
        expected = {one for one in expected if one.date() < until}
    story.same(
        f"four weeks ahead are {len(expected)} sessions: none in half-term, none on the inset day",
        sorted(seen),
        sorted(expected),
    )
    before, after = (
        {one.strftime("%H:%M") for one in seen if (one.date() < days[12]) is early} for early in (True, False)
    )
    story.same(
        f"{CLOCK} at the school stays {CLOCK}: before the clocks go back that is 08:00 UTC, afterwards 09:00 UTC",
        (before, after),
        ({"08:00"}, {"09:00"}),
    )
    local = {(one["time_zone"], one["day"]) for one in listed}
    story.same(
        "with the school's time zone beside each", {zone for zone, _ in local}, {cast.school["time_zone"]}
    )
    story.keep(timetable=found, sessions=[one["starts_at"] for one in listed])
