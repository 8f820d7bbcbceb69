"""The clocks of the services, moved together and only forward; days as a school knows them."""

import asyncio
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from deploy.demo.calling import STORES, House
from deploy.demo.claims import DidNotHold

SATURDAY = 5
A_NIGHT, LONG = timedelta(hours=12), timedelta(days=2)
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 60.0


async def now(house: House) -> datetime:
    """The time of the service that is furthest ahead (an earlier story may have broken off)."""
    asked = [house.somebody("operator", "demo").ask(f"{service}/dev/clock") for service in STORES]
    return max(datetime.fromisoformat(told["now"]) for told in await asyncio.gather(*asked))


async def move(house: House, moment: datetime, *, quiet: bool = False) -> datetime:
    """Move every clock to this moment, at once, so that they agree. Raises DidNotHold when one did not."""
    headers = {"Authorization": f"Bearer dev:operator:{house.region}:demo"}
    body = {"now": moment.isoformat()}
    moving = [
        house.client.put(house.url(f"{service}/dev/clock"), json=body, headers=headers) for service in STORES
    ]
    for answer in await asyncio.gather(*moving):
        if answer.status_code != 200:
            raise DidNotHold(f"PUT {answer.url}: {answer.status_code} {answer.text}")
    reached = await now(house)
    if not quiet:
        house.story.teller.say(f"The clocks now say {reached:%A} {spoken(reached)}, {reached:%H:%M} UTC.")
    return reached


async def go_on(house: House, moment: datetime, *, quiet: bool = False) -> datetime:
    """Move every clock as a year goes on: what is under way ends on its day, and what fell due is done."""
    before = await now(house)
    if moment - before > A_NIGHT:
        await settled(house)
    reached = await move(house, moment, quiet=quiet)
    if moment - before > LONG:
        await settled(house)
    return reached


async def settled(house: House) -> None:
    """What fell due on the way is done, and everybody has heard of it. Raises DidNotHold when it does not end."""
    since, before = monotonic(), [-1]
    while True:
        found = [await house.status(service) for service in STORES]
        heads = [int(told["head"]) for told in found]
        if heads == before and not any(map(_behind, found)):
            return
        if heads != before:
            since = monotonic()
        elif monotonic() - since > PATIENCE_SECONDS:
            raise DidNotHold("the services did not come to rest after the clocks were moved")
        before = heads
        await asyncio.sleep(LOOK_SECONDS)


def _behind(status: Any) -> bool:
    lags = [status["relay"], *status["projections"]]
    late = status["due"] is not None and status["due"]["late_seconds"] > 0
    return late or any(one is not None and one["lag_facts"] for one in lags)


def school_days(after: date, many: int) -> list[date]:
    """The next Mondays to Fridays after this day."""
    days = (after + timedelta(days=n) for n in range(1, 2 * many + 8))
    return [day for day in days if day.weekday() < SATURDAY][:many]


def at(day: date, clock: str, zone: str) -> datetime:
    """That time of day at the school, in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).astimezone(UTC)


def spoken(day: date) -> str:
    """`2 December 2026`"""
    return f"{day.day} {day:%B %Y}"


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
