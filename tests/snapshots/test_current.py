"""How things stand follows from the facts of a snapshot alone, so it stands where they do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pyarrow.parquet as pq
import pytest

from deploy.snapshots.deriving import NeedsParquet, derive, source_of, type_of
from deploy.snapshots.states import STATES, State
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned, MentorOffered
from shared.contracts.fact import Fact
from shared.contracts.sessions.session import SessionCancelled, SessionRescheduled, SessionScheduled
from shared.contracts.training.clearance import ClearanceRecorded
from tests.snapshots.region import ANALYSTS, Region, leaving
from tests.support.examples import example

MOVED = datetime(2026, 9, 8, 14, tzinfo=UTC)


def of(fact: type[Fact], session: UUID, **more: object) -> Fact:
    return example(fact).model_copy(update={"session_id": session, **more})


def pseudonym(id_: UUID) -> str:
    return ANALYSTS.of_id(str(id_))


def told_of(state: State) -> list[Fact]:
    """An example of each fact that changes its status."""
    return [fact for fact in leaving(state.service) if type(fact).__name__ in state.status]


async def test_the_newest_fact_that_has_a_value_tells_it(region: Region, tmp_path: Path) -> None:
    moved, cancelled = uuid4(), uuid4()
    await region.record("sessions", of(SessionScheduled, moved), of(SessionScheduled, cancelled))
    taker = region.taker(tmp_path)
    await taker.take("parquet")
    await region.record(
        "sessions",
        of(SessionRescheduled, moved, starts_at=MOVED, ends_at=MOVED + timedelta(hours=1)),
        of(SessionCancelled, cancelled, reason="school_closed", chargeable=True),
    )
    await taker.follow()
    place, rows = derive(tmp_path)
    assert rows == {"sessions": 2}
    found = {row["session_id"]: row for row in pq.read_table(place / "sessions.parquet").to_pylist()}
    one, two = found[pseudonym(moved)], found[pseudonym(cancelled)]
    assert (one["status"], one["starts_at"], one["since_position"], one["at_position"]) == (
        "scheduled",
        MOVED,
        1,
        1,
    )
    assert (two["status"], two["cancel_reason"], two["chargeable"]) == ("cancelled", "school_closed", True)
    assert two["starts_at"] == dict(example(SessionScheduled))["starts_at"]
    assert (two["since_position"], two["at_position"], one["contact_minutes"]) == (2, 4, None)


async def test_a_value_that_is_gone_is_gone(region: Region, tmp_path: Path) -> None:
    link = uuid4()
    told = {"assignment_id": link, "effective_until": MOVED.date()}
    offered = example(MentorOffered).model_copy(update={"assignment_id": link})
    assigned = example(MentorAssigned).model_copy(update=told)
    await region.record(
        "assignments", offered, assigned, assigned.model_copy(update={"effective_until": None})
    )
    await region.taker(tmp_path).take("parquet")
    place, _ = derive(tmp_path)
    [row] = pq.read_table(place / "assignments.parquet").to_pylist()
    assert (row["status"], row["effective_until"], row["ended_on"]) == ("active", None, None)
    assert AssignmentEnded.__name__ not in row


async def test_after_following_it_is_what_a_later_snapshot_gives(region: Region, tmp_path: Path) -> None:
    taker = region.taker(tmp_path / "followed")
    for state in STATES:
        await region.record(state.service, *told_of(state))
    await taker.take("parquet")
    for state in STATES:
        await region.record(state.service, *reversed(told_of(state)))
    await taker.follow()
    await region.taker(tmp_path / "later").take("parquet")
    (followed, rows), (later, _) = derive(tmp_path / "followed"), derive(tmp_path / "later")
    assert set(rows) == {state.name for state in STATES}
    for name in rows:
        files = [(place / f"{name}.parquet").read_bytes() for place in (followed, later)]
        assert files[0] == files[1]


async def test_it_is_not_made_from_csv(region: Region, tmp_path: Path) -> None:
    await region.record("training", example(ClearanceRecorded))
    await region.taker(tmp_path).take("csv")
    with pytest.raises(NeedsParquet):
        derive(tmp_path)


def test_every_source_of_a_column_is_a_field_that_leaves_and_of_one_service() -> None:
    for state in STATES:
        for fact in state.status:
            assert type_of(state, f"{fact}.{state.key}") == "string"
        for name, sources in state.columns.items():
            types = {str(type_of(state, source)) for source in sources}
            assert len(types) == 1, (state.name, name)
            assert len({source_of(state, source)[0] for source in sources}) == 1
            for source in sources:
                fact = source.rsplit(".", 1)[0]
                assert type_of(state, f"{fact}.{state.key}") == "string"
