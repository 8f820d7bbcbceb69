"""The main job from beginning to end, on a running system."""

import secrets
import traceback
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import httpx

from deploy.demo import (
    clocks,
    contact,
    expiry,
    history,
    letters,
    matching,
    register,
    requests,
    training,
    year,
)
from deploy.demo.calling import AT_ONCE, STORES, House
from deploy.demo.claims import DidNotHold
from deploy.demo.story import Story

SHIPPED = Path(__file__).parent / "schools.csv"


async def play(
    story: Story,
    urls: Mapping[str, str],
    region: str,
    mail: Path | None,
    schools: Path = SHIPPED,
    *,
    with_year: bool = True,
) -> bool:
    """Tell the story; whether all of it held. What did not is in `story.failure`."""
    # Services close a connection that was idle for 5 s: ours are let go before, not at that moment.
    limits = httpx.Limits(
        max_connections=2 * AT_ONCE, max_keepalive_connections=2 * AT_ONCE, keepalive_expiry=2
    )
    async with httpx.AsyncClient(timeout=120, trust_env=False, limits=limits) as client:
        house = House(urls, region, secrets.token_hex(4), client, story, count(1))
        try:
            await chapters(house, mail, schools, with_year)
        except DidNotHold as broken:
            story.failure = str(broken)
        except httpx.HTTPError as silent:
            story.failure = f"a service did not answer: {type(silent).__name__}: {silent}"
        except (LookupError, TypeError, ValueError) as odd:
            at = traceback.extract_tb(odd.__traceback__)[-1]
            told = f"{type(odd).__name__}: {odd}, in {Path(at.filename).name} line {at.lineno}"
            story.failure = f"an answer was not as its API says: {told}"
    return story.failure is None


async def chapters(house: House, mail: Path | None, schools: Path, with_year: bool) -> None:
    parked = await set_aside(house)
    at = await clocks.move(house, await clocks.now(house))
    school, other = await register.play(house, schools)
    children, office = await requests.play(house, school, other, at)
    mentors = await training.play(house, at)
    made = await matching.play(house, children, mentors, at)
    meetings = await contact.play(house, school, made, mentors, office, at)
    ended = await expiry.play(house, school, made, mentors, meetings, office)
    await letters.play(house, made, meetings, office, ended, mail)
    await history.play(house, made, ended)
    if with_year:
        await year.play(house, school, mentors.courses, made, meetings)
    house.story.same("no fact was set aside on the way", await set_aside(house), parked)


async def set_aside(house: House) -> dict[str, int]:
    """How many facts each service could not apply."""
    told = {service: await house.status(service) for service in STORES}
    return {
        service: sum(projection["parked"] for projection in found["projections"])
        for service, found in told.items()
    }
