"""The checker is checked: each deliberate bug is put into a real process, and has to be named."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psycopg
import pytest

from deploy.foundation import Given
from tests.faults.checker import Finding
from tests.faults.house import place_of
from tests.faults.injuries import Injuries, until
from tests.faults.load.agency import Agency
from tests.faults.rest import until_at_rest
from tests.faults.seeded.listeners import BETWEEN
from tests.faults.seeded.poison import record_poison
from tests.faults.seeded.scene import Scene, scene
from tests.support.engines import PostgresServer, nats_server

Begin = Callable[..., AbstractContextManager[Scene]]

pytestmark = pytest.mark.long


@pytest.fixture
def begin(postgres: PostgresServer, data_dir: Path, region: str) -> Begin:
    """Starts services with a bug on a bus of their own; without mail unless it is asked for."""

    def start(
        bug: str, *services: str, mail: bool = False, bus: str | None = None
    ) -> AbstractContextManager[Scene]:
        given = Given(postgres.url, bus, None if mail else "smtp://127.0.0.1:1")
        return scene(bug, data_dir, region, given, services or ("assignments",))

    return start


async def engage(on: Scene, count: int, region: str = "") -> None:
    today = datetime.now(UTC).date()
    for number in range(count):
        email = f"mentor{number}@example.org"
        body = {"name": f"Mentor {number}", "email": email, "engaged_on": str(today)}
        await on.client.command("assignments", "/mentors", body, region=region)


def names(findings: list[Finding]) -> set[str]:
    return {finding.name for finding in findings}


async def test_without_a_bug_nothing_is_found(begin: Begin) -> None:
    with begin("none") as on:
        await engage(on, 6)
        await engage(on, 1, region="elsewhere")
        assert await on.findings() == []
        await until_at_rest(place_of(on.system), seconds=20)


@pytest.mark.parametrize(
    ("bug", "finding"),
    [
        ("relay_skips_a_fact", "fact_not_in_stream"),
        ("relay_publishes_twice", "fact_twice_in_stream"),
        ("relay_alters_bytes", "bytes_differ"),
        ("relay_ignores_region", "crosses_region"),
    ],
)
async def test_a_careless_relay_is_found_out(begin: Begin, bug: str, finding: str) -> None:
    # A bus that asks nobody who they are: on ours a relay may do only half of this.
    with nats_server() as bus, begin(bug, bus=bus.url) as on:
        await engage(on, 6)
        assert finding in names(await on.findings())


async def test_a_forgotten_idempotency_key_is_found_out(begin: Begin) -> None:
    with begin("key_is_not_kept") as on:
        await engage(on, 2)
        await on.client.insist(on.journal[0])  # as after a lost answer
        found = names(await on.findings())
    assert {"key_with_two_effects", "key_not_kept", "answers_differ"} <= found


async def test_gaps_in_positions_are_found_out(begin: Begin) -> None:
    with begin("positions_have_gaps") as on:
        await engage(on, 2)
        assert {"position_gap", "head_is_wrong"} <= names(await on.findings_now())


async def test_gaps_in_versions_are_found_out(begin: Begin) -> None:
    with begin("versions_have_gaps") as on:
        await engage(on, 1)
        mentor = on.journal[0].accepted[0].body["mentor_id"]
        today = datetime.now(UTC).date()
        await on.do("assignments", f"/mentors/{mentor}/leave", {"left_on": str(today + timedelta(days=1))})
        assert "version_gap" in names(await on.findings_now())


async def test_a_skipped_checkpoint_is_found_out(begin: Begin) -> None:
    with begin("checkpoint_is_skipped") as on:
        await engage(on, 3)
        assert "not_accounted_for" in names(await on.findings())


async def test_an_acknowledgement_before_the_commit_is_found_out(begin: Begin) -> None:
    with begin("acknowledged_before_commit") as on:
        agency = await _agency(on)
        injuries = Injuries(on.system)
        await injuries.kill("assignments", BETWEEN)
        await asyncio.to_thread(on.system.wait_ready, seconds=20)
        await _ask_for_support(on, agency)
        assert await injuries.until_struck("assignments", 20)
        await asyncio.to_thread(on.system.wait_ready, seconds=20)
        assert "neither_applied_nor_parked" in names(await on.findings())


async def test_a_dropped_parked_fact_is_found_out(begin: Begin) -> None:
    with begin("parked_facts_are_dropped") as on:
        record_poison(on.system.database_url("assignments"), on.system.region)
        assert "neither_applied_nor_parked" in names(await on.findings())


async def test_a_parked_fact_is_accounted_for(begin: Begin) -> None:
    with begin("none") as on:
        record_poison(on.system.database_url("assignments"), on.system.region)
        found = await on.findings()
        parked = (await on.evidence()).stores["assignments"].parked
    assert names(found) == {"fact_from_nowhere"}
    assert {row["projection"] for row in parked} >= {"requests"}


async def test_two_primaries_are_found_out(begin: Begin) -> None:
    with begin("claims_are_not_taken") as on:
        agency = await _agency(on)
        child, after = await _accepted_child(on, agency)
        begun = {"effective_from": str(agency.today)}
        for _ in range(2):
            mentor = await agency.engage()
            body = {"child_id": child, "mentor_id": mentor}
            made = await on.do("assignments", "/offers", body, after=after)
            await on.do("assignments", f"/offers/{made['assignment_id']}/accept", {})
            await on.do("assignments", f"/assignments/{made['assignment_id']}/activate", begun)
        assert {"two_primaries_for_child", "claim_missing"} <= names(await on.findings())


async def test_cover_beside_a_primary_is_found_out(begin: Begin) -> None:
    with begin("cover_beside_the_primary") as on:
        agency = await _agency(on)
        child, after = await _accepted_child(on, agency)
        await _supported(on, agency, child, after)
        day = str(agency.today + timedelta(days=1))
        wanted = {"child_id": child, "form": "broadcast", "days": [day]}
        cover = await on.do("assignments", "/covers", wanted)
        other = await agency.engage()
        await on.do("assignments", f"/covers/{cover['cover_id']}/accept", {"mentor_id": other})
        assert "two_with_a_child" in names(await on.findings())


async def test_a_forgotten_handover_is_found_out(begin: Begin) -> None:
    with begin("handover_is_forgotten") as on:
        agency = await _agency(on)
        child, after = await _accepted_child(on, agency)
        first = await _supported(on, agency, child, after, days_ago=3)
        ended = {"reason": "replaced", "ended_on": str(agency.today)}
        await on.do("assignments", f"/assignments/{first}/end", ended)
        await _supported(on, agency, child, after)
        assert names(await on.findings()) == {"handover_missing"}


async def test_a_miscounted_attempt_is_found_out(begin: Begin) -> None:
    with begin("attempts_are_miscounted", "assignments", "notifications") as on:
        agency = await _agency(on)
        ruth = {"role": "coordinator", "name": "Ruth Bello", "email": "ruth.bello@example.org"}
        await on.do("notifications", "/recipients", ruth)
        await _ask_for_support(on, agency)
        await until(lambda: _recorded(on, "notifications.NotificationFailed.v1"), 20)
        assert "notification_out_of_turn" in names(await on.findings())


async def test_a_mail_without_a_cause_is_found_out(begin: Begin) -> None:
    with begin("mail_without_a_cause", "assignments", "notifications", mail=True) as on:
        agency = await _agency(on)
        ruth = {"role": "coordinator", "name": "Ruth Bello", "email": "ruth.bello@example.org"}
        await on.do("notifications", "/recipients", ruth)
        await _ask_for_support(on, agency)
        await until_at_rest(place_of(on.system), seconds=20)
        assert names(await on.findings()) == {"mail_without_cause"}


async def test_a_region_left_out_of_the_rules_is_found_out(begin: Begin) -> None:
    with begin("callers_of_any_region") as on:
        await engage(on, 1, region="elsewhere")
        assert names(await on.findings()) == {"crosses_region"}


async def _agency(on: Scene) -> Agency:
    agency = Agency(on.client, Random(0))
    await agency.take_over_schools(1)
    return agency


async def _ask_for_support(on: Scene, agency: Agency) -> dict[str, str]:
    body = {
        "school_id": agency.schools[0],
        "requester_kind": "school",
        "child_name": "Ada Hartley",
        "needs": "Words.",
    }
    return await on.do("assignments", "/support-requests", body)


def _recorded(on: Scene, topic: str) -> bool:
    with psycopg.connect(on.system.database_url(topic.split(".")[0])) as connection:
        query = "SELECT EXISTS (SELECT FROM stored_events WHERE topic = %s)"
        return bool((connection.execute(query, (topic,)).fetchone() or (False,))[0])


async def _supported(on: Scene, agency: Agency, child: str, after: str, days_ago: int = 0) -> str:
    """A mentor who has just been engaged is the child's own since that day: the assignment."""
    body = {"child_id": child, "mentor_id": await agency.engage()}
    offered = await on.do("assignments", "/offers", body, after=after)
    link = offered["assignment_id"]
    await on.do("assignments", f"/offers/{link}/accept", {})
    begun = {"effective_from": str(agency.today - timedelta(days=days_ago))}
    await on.do("assignments", f"/assignments/{link}/activate", begun)
    return str(link)


async def _accepted_child(on: Scene, agency: Agency) -> tuple[str, str]:
    """A child, and the position from which on it is known."""
    received = await _ask_for_support(on, agency)
    provision = {
        "birth_date": "2018-05-04",
        "minutes_per_week": 600,
        "areas": ["social"],
        "effective_from": str(agency.today),
    }
    path = f"/support-requests/{received['request_id']}/take-on"
    accepted = await on.do("assignments", path, provision)
    return received["child_id"], f"assignments:{accepted['position']}"
