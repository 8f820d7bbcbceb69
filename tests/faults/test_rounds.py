"""Killed under load again and again, a system heals by itself, and the checker finds nothing amiss."""

import asyncio
import time
from random import Random

import pytest

from tests.faults.checker import Finding
from tests.faults.conftest import ROUNDS, Ward, rounds_of, seed_of
from tests.faults.injuries import POINTS, course
from tests.faults.load.agency import Agency
from tests.faults.load.client import Client
from tests.faults.load.work import work

WORKERS, BREATH = 4, 0.3
MENTORS = 8
REPEATED = 12
STRIKE_SECONDS = 1.5
BREACHED = "role_boundary_breached"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "turn" in metafunc.fixturenames:
        metafunc.parametrize("turn", range(1, rounds_of(metafunc.config) + 1))


def test_twenty_rounds_lead_to_every_named_point(request: pytest.FixtureRequest) -> None:
    points = {point for points in POINTS.values() for point in points}
    first = course(seed_of(request.config))[:ROUNDS]
    assert {point for _, point in first} == points


async def test_killed_under_load_nothing_is_lost_doubled_or_invented(ward: Ward, turn: int) -> None:
    if ward.lost:
        pytest.skip(f"the system was lost in {ward.lost}")
    ward.rounds += 1
    rng = Random(f"{ward.seed}:{turn}")
    client = Client(ward.house.system.urls, ward.house.system.region, ward.house.journal)
    try:
        agency = await _agency(ward, client, rng)
        began = time.monotonic()
        told = await _hurt_under_load(ward, agency, rng, turn)
        hurt = time.monotonic()
        await _repeat_some(ward, client, rng)
        evidence, findings = await ward.house.examine()
        told += f" ({hurt - began:.1f} s hurt, {time.monotonic() - hurt:.1f} s to heal and be examined)"
    except BaseException:
        ward.lost = f"round {turn} of seed {ward.seed}"
        raise
    finally:
        await client.close()
    heads = {service: kept.head for service, kept in evidence.stores.items()}
    print(f"round {turn} of seed {ward.seed}: {told}; {len(ward.house.journal)} commands, {heads}")
    if findings:
        ward.lost = f"round {turn} of seed {ward.seed}"
    assert not findings, _report(ward, turn, findings)


def test_the_rounds_led_where_they_were_to(ward: Ward) -> None:
    """Not every point is reached in its round, but if most were not, little would have been tried.

    Spread over several test processes, each has a system, and rounds, of its own.
    """
    ward.injuries.notice()
    deaths = sum(ward.injuries.at_points.values())
    print(
        f"{ward.injuries.kills} processes killed, {deaths} more died at their points: {ward.injuries.at_points}"
    )
    assert deaths >= ward.rounds // 2


async def _agency(ward: Ward, client: Client, rng: Random) -> Agency:
    """The agency as the round before left it; founded in the first one, before anything is hurt."""
    agency = ward.state.get("agency")
    if not isinstance(agency, Agency):
        agency = Agency(client, rng)
        await agency.found(MENTORS)
        ward.state["agency"] = agency
    agency.client, agency.rng = client, rng
    return agency


async def _hurt_under_load(ward: Ward, agency: Agency, rng: Random, turn: int) -> str:
    """Kill a process, have it die once more at a named point when it is back, and sometimes an engine too."""
    every = course(ward.seed)
    victim, point = every[(turn - 1) % len(every)]
    visits = rng.randint(1, 4)
    engine = {1: "postgres", 3: "nats"}.get(turn % 5)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for worker in range(WORKERS):
            tasks.create_task(work(agency, stop, rng.randrange(10**9) + worker, BREATH))
        try:
            await asyncio.sleep(rng.uniform(0.2, 1.0))  # the moment of the kill is what the seed chooses
            await ward.injuries.kill(victim, point, visits)
            if engine:
                await asyncio.sleep(rng.uniform(0.0, 0.8))
                await ward.injuries.kill(engine)
            await asyncio.to_thread(_serves_or_died, ward, victim)
            struck = await ward.injuries.until_struck(victim, STRIKE_SECONDS)
        finally:
            stop.set()
    return f"{victim} killed, {point}:{visits} {'reached' if struck else 'pending'}, {engine or 'no engine'}"


def _serves_or_died(ward: Ward, victim: str) -> None:
    """Until it serves again, or has died at its point even before."""
    system = ward.house.system
    starts = system.watch.watched[victim].starts
    while system.watch.watched[victim].starts == starts:
        try:
            system.wait_ready(victim, seconds=0.5)
            return
        except Exception:
            continue


async def _repeat_some(ward: Ward, client: Client, rng: Random) -> None:
    """Send commands that were answered long ago once more, under their own keys."""
    settled = [
        command
        for command in ward.house.journal
        if not command.path.endswith("/import")
        and (command.accepted or any(found.body.get("code") == BREACHED for found in command.refused))
    ]
    chosen = rng.sample(settled, min(REPEATED, len(settled)))
    await asyncio.to_thread(ward.house.system.wait_ready, seconds=60)
    await asyncio.gather(*(client.insist(command) for command in chosen))


def _report(ward: Ward, turn: int, findings: list[Finding]) -> str:
    lines = [str(finding) for finding in findings[:20]]
    return "\n".join([f"round {turn} of --fault-seed {ward.seed}: {len(findings)} findings", *lines])
