"""A timeline holds what concerns somebody, and only what was on record by then."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.audit.read_model.timelines import Place, positions, timeline_of_child, timeline_of_mentor
from services.audit.subscriptions import SOURCES
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.contracts.assignments.child import ChildAccepted
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.fact import Fact
from shared.contracts.sessions.session import SessionScheduled
from shared.contracts.training.certification import CertificationExpired
from shared.contracts.training.clearance import ClearanceLapsed
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from tests.audit.history import Happened, keep
from tests.support.examples import example
from tests.support.people import CHILD, MENTOR

ASSIGNED_AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OTHER_CHILD = UUID(int=99)
EVER = datetime(2100, 1, 1, tzinfo=UTC)


def history() -> list[Happened]:
    """Assigned on day 0, stood down on day 30, ended on record on day 40 (as of day 35)."""
    begins = ASSIGNED_AT.date()
    theirs = example(SessionScheduled).model_copy(update={"child_id": OTHER_CHILD})
    return [
        Happened(ASSIGNED_AT - 20 * DAY, example(MentorEngaged)),
        Happened(ASSIGNED_AT - 10 * DAY, example(MentorCleared)),
        Happened(ASSIGNED_AT - 5 * DAY, example(ChildAccepted)),
        Happened(ASSIGNED_AT, example(MentorAssigned).model_copy(update={"effective_from": begins})),
        Happened(ASSIGNED_AT + DAY, theirs),
        Happened(ASSIGNED_AT + 20 * DAY, example(CertificationExpired)),
        Happened(ASSIGNED_AT + 30 * DAY, example(MentorStoodDown)),
        Happened(
            ASSIGNED_AT + 40 * DAY,
            example(AssignmentEnded).model_copy(update={"ended_on": begins + 35 * DAY}),
        ),
        Happened(ASSIGNED_AT + 50 * DAY, example(ClearanceLapsed)),
    ]


async def of_child(db: AsyncConnection, known_at: datetime = EVER) -> list[tuple[str, UUID | None]]:
    found = await timeline_of_child(db, CHILD, known_at=known_at, after=None, limit=100)
    return [(row["type"].split(".")[1], row["through"]) for row in found]


async def test_a_childs_timeline_has_its_mentors_training_only_while_assigned(
    db: AsyncConnection, database_url: str
) -> None:
    await keep(database_url, history())
    assert await of_child(db) == [
        ("ChildAccepted", None),
        ("MentorAssigned", None),
        ("CertificationExpired", MENTOR),
        ("MentorStoodDown", MENTOR),
        ("AssignmentEnded", None),
    ]


async def test_a_moment_before_shows_only_what_was_on_record(db: AsyncConnection, database_url: str) -> None:
    await keep(database_url, history())
    before_standing_down = await of_child(db, ASSIGNED_AT + 25 * DAY)
    assert [name for name, _ in before_standing_down] == [
        "ChildAccepted",
        "MentorAssigned",
        "CertificationExpired",
    ]
    assert await of_child(db, ASSIGNED_AT - timedelta(microseconds=1)) == [("ChildAccepted", None)]


async def test_another_childs_sessions_do_not_show_through_a_shared_mentor(
    db: AsyncConnection, database_url: str
) -> None:
    await keep(database_url, history())
    assert "SessionScheduled" not in [name for name, _ in await of_child(db)]
    of_mentor = await timeline_of_mentor(db, MENTOR, known_at=EVER, after=None, limit=100)
    assert "sessions.SessionScheduled.v1" in [row["type"] for row in of_mentor]


@pytest.mark.parametrize("size", [1, 2, 3])
async def test_a_timeline_reads_the_same_in_pages_of_any_size(
    db: AsyncConnection, database_url: str, size: int
) -> None:
    await keep(database_url, history())
    whole = await timeline_of_child(db, CHILD, known_at=EVER, after=None, limit=100)
    paged: list[Place] = []
    after: Place | None = None
    while page := await timeline_of_child(db, CHILD, known_at=EVER, after=after, limit=size):
        paged += [(row["recorded_at"], row["source"], row["position"]) for row in page]
        after = paged[-1]
    assert paged == [(row["recorded_at"], row["source"], row["position"]) for row in whole]


async def test_two_assignments_of_one_mentor_show_a_fact_once(db: AsyncConnection, database_url: str) -> None:
    again: Fact = example(MentorAssigned).model_copy(update={"assignment_id": UUID(int=3)})
    await keep(database_url, [*history()[:5], Happened(ASSIGNED_AT + DAY, again), *history()[5:]])
    assert [name for name, _ in await of_child(db)].count("CertificationExpired") == 1


async def test_positions_tell_how_far_each_source_was_known(db: AsyncConnection, database_url: str) -> None:
    await keep(database_url, history())
    assert await positions(db, ASSIGNED_AT, SOURCES) == {"assignments": 3, "training": 1}
    assert await positions(db, EVER, SOURCES) == {"assignments": 4, "sessions": 1, "training": 4}
