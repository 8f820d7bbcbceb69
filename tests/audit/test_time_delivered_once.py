"""Provision delivered: time for which somebody else came, or which was planned anew, counts once."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest

from services.audit.replay.delivered import SchoolDays, fold, gap
from shared.contracts.assignments.child import ProvisionSpecified
from shared.contracts.sessions.session import SessionCancelled
from shared.kernel.recorded import Recorded
from tests.audit.history import REGION, Happened
from tests.audit.test_questions import DAY, MONDAY, at, logged, one, session
from tests.support.people import CHILD, SESSION

SPECIFIED = one(ProvisionSpecified, at(MONDAY - DAY), minutes_per_week=900, effective_from=MONDAY - DAY)


def cancelled(number: int, reason: str) -> Happened:
    return one(
        SessionCancelled,
        at(MONDAY - DAY, 12),
        session_id=uuid5(SESSION, str(number)),
        cancelled_by="agency",
        reason=reason,
    )


def told(history: Iterable[Happened]) -> Any:
    """The gap of that Monday, on which 180 minutes were specified."""
    facts = [
        Recorded(
            fact=each.fact,
            source="sessions",
            stream=CHILD,
            version=1,
            position=place,
            recorded_at=each.at,
            region=REGION,
            actor="coordinator:ruth",
            id=CHILD,
            correlation_id="c-1",
            causation_id="",
        )
        for place, each in enumerate(history)
    ]
    return gap(fold(facts), SchoolDays({}, ()), MONDAY, MONDAY + DAY)


@pytest.mark.parametrize(
    ("then", "reasons"),
    [
        ([*session(2, MONDAY), logged(2, MONDAY)], {"shorter than planned": 5}),
        (session(2, MONDAY)[:1], {"awaiting_log": 180}),
        (
            [session(2, MONDAY)[0], cancelled(2, "assignment_paused")],
            {"cancelled by agency: assignment_paused": 180},
        ),
        ([], {"cancelled by agency: mentor_absent": 180}),
    ],
    ids=["covered", "planned anew", "called off again", "nobody came"],
)
def test_what_was_planned_for_the_same_time_counts_once(
    then: list[Happened], reasons: dict[str, int]
) -> None:
    found = told([SPECIFIED, session(1, MONDAY)[0], cancelled(1, "mentor_absent"), *then])
    assert (found["specified"], found["planned"]) == (180, 180)
    assert {one["why"]: one["minutes"] for one in found["reasons"]} == reasons
    assert sum(reasons.values()) == found["undelivered"]


def test_more_than_was_specified_is_told_too() -> None:
    later = timedelta(hours=4)
    more = [
        Happened(
            each.at,
            each.fact.model_copy(
                update={"starts_at": at(MONDAY, 8) + later, "ends_at": at(MONDAY, 11) + later}
            ),
        )
        for each in session(2, MONDAY)[:1]
    ]
    found = told([SPECIFIED, *session(1, MONDAY), logged(1, MONDAY), *more, logged(2, MONDAY)])
    assert found["undelivered"] == 180 - 350
    assert sum(one["minutes"] for one in found["reasons"]) == found["undelivered"]
