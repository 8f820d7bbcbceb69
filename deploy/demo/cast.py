"""The people and the days of the school year that the story tells in miniature."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from deploy.demo import clocks
from deploy.demo.calling import House, Somebody
from deploy.demo.register import School
from deploy.demo.requests import Child
from deploy.demo.training import Mentor

CLOCK, MINUTES = "09:00", 60
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of the story, counted from the Monday of the week before the autumn half-term (day 0)."""

    first: date
    school_year: int

    def __getitem__(self, number: int) -> date:
        return self.first + number * DAY

    def at(self, number: int, clock: str) -> datetime:
        """That time in UTC."""
        return datetime.combine(self[number], time.fromisoformat(clock), UTC)


def days_after(moment: datetime) -> Days:
    """Those of the next school year whose autumn half-term is far enough away."""
    year = moment.year
    while True:
        last = date(year, 10, 31)
        half_term = last - last.weekday() * DAY
        if half_term - 14 * DAY > moment.date():
            return Days(half_term - 7 * DAY, year)
        year += 1


@dataclass(frozen=True, slots=True)
class Cast:
    """Nadia is Esme's mentor; Lewis and Greta cover; Finn waits. Recipients by role; `assignment` is Nadia's."""

    days: Days
    school: School
    esme: Child
    finn: Child
    nadia: Mentor
    lewis: Mentor
    greta: Mentor
    recipients: dict[str, str]
    assignment: str

    @property
    def mentors(self) -> tuple[Mentor, ...]:
        return (self.nadia, self.lewis, self.greta)

    def starts(self, number: int) -> datetime:
        """When Esme's hour begins on that day, in UTC."""
        return clocks.at(self.days[number], CLOCK, self.school["time_zone"])


def ruth(house: House) -> Somebody:
    return house.somebody("coordinator", "ruth")


async def sessions_of(house: House, cast: Cast, *after: str, **which: Any) -> list[Any]:
    """Esme's sessions, in the order of their times."""
    places = after or tuple(await house.heads("sessions"))
    return await ruth(house).ask_all("sessions/sessions", *places, child_id=cast.esme.id, **which)


async def session_on(house: House, cast: Cast, number: int, mentor: Mentor, state: str = "scheduled") -> Any:
    """Esme's session with this mentor on that day, once it is there."""
    day = cast.days[number].isoformat()
    page = await ruth(house).until(
        "sessions/sessions",
        lambda page: bool(page["items"]),
        f"{mentor.name} has a session that is {state} on {day}",
        child_id=cast.esme.id,
        mentor_id=mentor.id,
        day=day,
        state=state,
    )
    return page["items"][0]


async def told(house: House, what: str, holds: Any, **which: Any) -> list[Any]:
    """The notifications that are asked for, once what they say holds; the newest first."""
    page = await house.somebody("manager", "mina").until(
        "notifications/notifications", lambda page: holds(page["items"]), what, limit=200, **which
    )
    found: list[Any] = page["items"]
    return found
