"""An answer names the witnessed tree, rests on it alone when asked to, and is the same on two machines."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from services.audit.main import service
from services.audit.read_model.answers import answer
from services.audit.read_model.kinds import KINDS, Asked
from services.audit.read_model.known import NotWitnessed, extent
from services.audit.read_model.ledger_tables import checkpoints, entries
from services.audit.read_model.timelines import timeline_of_child
from services.audit.replay.answer import canonical
from services.audit.replay.effective import effective_on
from services.audit.subscriptions import SOURCES
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.assignments.child import ChildAccepted, ChildActivated, ProvisionSpecified
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.sessions.session import SessionCancelled, SessionScheduled
from shared.contracts.training.certification import CertificationExpired
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from shared.kernel.migrations import migrate
from tests.audit.history import Happened, keep, keep_bytes
from tests.support.engines import PostgresServer
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR

DAY = timedelta(days=1)
NINE = datetime(2026, 9, 7, 9, tzinfo=UTC)
ROOT = "ab" * 32
ASKED = Asked(CHILD, MENTOR, None, date(2026, 9, 7), date(2026, 9, 1), date(2026, 10, 1), "slt")


def history() -> list[Happened]:
    """Engaged, cleared, assigned; a session; then, all on one day: stood down, ended, cancelled."""
    kinds: list[tuple[int, type[Any]]] = [
        (-20, MentorEngaged),
        (-19, MentorCleared),
        (-15, ChildAccepted),
        (-14, ChildActivated),
        (-13, ProvisionSpecified),
        (-12, MentorAssigned),
        (-5, SessionScheduled),
        (-1, CertificationExpired),
        (0, AssignmentEnded),
        (0, MentorStoodDown),
        (0, SessionCancelled),
    ]
    return [Happened(NINE + days * DAY, example(kind)) for days, kind in kinds]


@asynccontextmanager
async def connected(database_url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    async with engine.connect() as db:
        yield db
    await engine.dispose()


async def told(
    database_url: str, kind: str, known_at: datetime = NINE, verified: bool = False
) -> dict[str, Any]:
    async with connected(database_url) as db:
        takes = {name.removesuffix("?") for name in KINDS[kind].takes}
        mentor = None if "child_id" in takes else MENTOR
        asked = Asked(None if mentor else CHILD, mentor, None, ASKED.on, ASKED.since, ASKED.until, ASKED.item)
        return await answer(db, kind, asked, await extent(db, known_at, SOURCES, verified))


async def sequenced(database_url: str, order: list[tuple[str, int]], trees: dict[int, datetime]) -> None:
    """The facts stand in the ledger in this order; trees of these sizes were witnessed at those moments."""
    async with connected(database_url) as db:
        for index, (source, position) in enumerate(order):
            row = {"index": index, "source": source, "position": position, "leaf": b""}
            await db.execute(insert(entries).values(**row))
        for size, witnessed_at in trees.items():
            row = {"size": size, "root": ROOT, "note": b"", "witnessed_at": witnessed_at}
            await db.execute(insert(checkpoints).values(**row))
        await db.commit()


async def test_two_machines_give_the_same_bytes_whatever_order_the_facts_came_in(
    database_url: str, postgres: PostgresServer
) -> None:
    migrate(database_url, service.migrations)
    kept = await keep(database_url, history())
    shuffled = list(kept.items())
    random.Random(4).shuffle(shuffled)
    with postgres.database() as other:
        migrate(other, service.migrations)
        await keep_bytes(other, dict(shuffled))
        for kind in KINDS:
            assert canonical(await told(database_url, kind)) == canonical(await told(other, kind)), kind


async def test_a_verified_answer_rests_on_nothing_outside_the_witnessed_tree(database_url: str) -> None:
    migrate(database_url, service.migrations)
    kept = await keep(database_url, history())
    order = sorted(kept, key=lambda place: (place[0] == "training", place))
    await sequenced(database_url, order, {3: NINE - DAY, 7: NINE, 9: NINE + DAY})
    found = await told(database_url, "child-state", verified=True)
    assert found["ledger"] == {"size": 7, "root": ROOT, "witnessed_at": NINE.isoformat()}
    assert {source: rests["up_to"] for source, rests in found["rests_on"].items()} == {
        source: max(position for where, position in order[:7] if where == source)
        for source in {where for where, _ in order[:7]}
    }
    whole = await told(database_url, "child-state")
    assert whole["ledger"] == found["ledger"]
    assert whole["result_sha256"] != found["result_sha256"]
    with pytest.raises(NotWitnessed):
        await told(database_url, "child-state", NINE - 2 * DAY, verified=True)


async def test_a_verified_timeline_knows_of_no_assignment_outside_the_tree(database_url: str) -> None:
    migrate(database_url, service.migrations)
    await keep(database_url, history())
    every = {"assignments": 6, "sessions": 2, "training": 3}
    names = await _timeline(database_url, every)
    assert names[-3:] == ["AssignmentEnded", "SessionCancelled", "MentorStoodDown"]
    assert "CertificationExpired" in names
    # The assignment is outside, so its mentor's training says nothing of this child.
    assert await _timeline(database_url, every | {"assignments": 4}) == [
        "ChildAccepted",
        "ChildActivated",
        "ProvisionSpecified",
        "SessionScheduled",
        "SessionCancelled",
    ]


async def _timeline(database_url: str, up_to: dict[str, int]) -> list[str]:
    async with connected(database_url) as db:
        rows = await timeline_of_child(db, CHILD, known_at=NINE, after=None, limit=50, up_to=up_to)
        return [row["type"].split(".")[1] for row in rows]


async def test_a_mentor_on_a_day_has_employment_evidence_children_and_sessions(database_url: str) -> None:
    migrate(database_url, service.migrations)
    await keep(database_url, history())
    before = (await told(database_url, "mentor-state", NINE - 2 * DAY))["state"]
    assert (before["employment"], before["compliance"]["cleared_by_training"]) == ("engaged", True)
    assert [one["child_id"] for one in before["children"]] == [str(CHILD)]
    assert before["sessions"]["all"] == 1
    after = (await told(database_url, "mentor-state"))["state"]
    assert after["sessions"]["listed"][0]["became"] == "cancelled"


def test_a_fact_has_its_effect_by_its_own_dates() -> None:
    at = datetime(2026, 12, 1, tzinfo=UTC)
    assigned = example(MentorAssigned)
    data = assigned.model_dump(mode="json")
    assert effective_on("assignments.MentorAssigned.v1", data, at) == assigned.effective_from
    planned = example(SessionScheduled)
    data = planned.model_dump(mode="json")
    assert effective_on("sessions.SessionScheduled.v1", data, at) == planned.starts_at.date()
    assert effective_on("elsewhere.Unheard.v1", {"note": "x"}, at) == at.date()
    assert effective_on("assignments.MentorAssigned.v1", {"effective_from": "withheld"}, at) == at.date()
