"""A suspension shuts the gate, in each service that keeps it, whatever the mentor can show."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest

from services.assignments.projections.eligibility import eligibility as in_assignments
from services.audit.replay.compliance import Mentor
from services.sessions.projections.people import eligibility as in_sessions
from services.training.projections.evidence import evidence as in_training
from shared.contracts.eligibility import REQUIRED, Evidence, Shortfall, shortfalls
from shared.contracts.fact import Fact
from shared.contracts.training.clearance import ClearanceWithdrawn
from shared.contracts.training.standing import MentorSuspended, SuspensionLifted
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row
from tests.support.people import MENTOR
from tests.training.evidence import FROM, everything, recorded

DAY = timedelta(days=1)
SUSPENDED_ON = date(2026, 3, 2)
LIFTED_ON = date(2026, 3, 9)
ALL = tuple(Evidence(item, FROM) for item in REQUIRED)
suspended = MentorSuspended(mentor_id=MENTOR, suspended_on=SUSPENDED_ON, reason_code="conduct")
lifted = SuspensionLifted(mentor_id=MENTOR, suspended_on=SUSPENDED_ON, lifted_on=LIFTED_ON)
Project = Callable[[Recorded[Any]], Iterable[Row]]


def test_a_suspension_that_counts_is_a_shortfall_and_comes_first() -> None:
    proof = Evidence("suspension", SUSPENDED_ON)
    lack = Shortfall("suspension", "suspended", SUSPENDED_ON)
    assert shortfalls((*ALL, proof), SUSPENDED_ON) == (lack,)
    assert str(lack) == "suspended since 2026-03-02"
    assert shortfalls((*ALL, proof), SUSPENDED_ON - DAY) == ()
    assert shortfalls((proof,), SUSPENDED_ON)[0] == lack


def test_a_lifted_suspension_counts_up_to_the_day_before() -> None:
    proof = Evidence("suspension", SUSPENDED_ON, LIFTED_ON - DAY)
    assert shortfalls((*ALL, proof), LIFTED_ON - DAY)
    assert shortfalls((*ALL, proof), LIFTED_ON) == ()
    same_day = Evidence("suspension", SUSPENDED_ON, SUSPENDED_ON - DAY)
    assert shortfalls((*ALL, same_day), SUSPENDED_ON) == ()


def test_nobody_lacks_a_suspension() -> None:
    assert shortfalls(ALL, FROM) == ()
    assert "suspension" not in {lack.item for lack in shortfalls((), FROM)}


def shown(project: Project, *facts: Fact) -> list[Evidence]:
    """What the rows of a projection say that a mentor can show."""
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for fact in facts:
        for row in project(told(fact)):
            assert isinstance(row, Put)
            rows.setdefault(tuple(row.key.values()), dict(row.key)).update(row.set)
    return [
        Evidence(row["item"], row["valid_from"], row["valid_until"], row.get("withdrawn_on"))
        for row in rows.values()
    ]


def told(fact: Fact) -> Recorded[Any]:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    key: UUID = uuid5(NAMESPACE_URL, "fact")
    return Recorded(fact, "training", 1, key, 1, at, key, "uk-london", "test", "test", "test")


@pytest.mark.parametrize("project", [in_training, in_assignments, in_sessions])
def test_each_service_shuts_its_gate_while_a_mentor_is_suspended(project: Project) -> None:
    proofs = shown(project, *everything(), suspended)
    assert [lack.status for lack in shortfalls(proofs, SUSPENDED_ON)] == ["suspended"]
    assert shortfalls(proofs, SUSPENDED_ON - DAY) == ()
    proofs = shown(project, *everything(), suspended, lifted)
    assert shortfalls(proofs, LIFTED_ON - DAY)
    assert shortfalls(proofs, LIFTED_ON) == ()


@pytest.mark.parametrize("project", [in_training, in_assignments, in_sessions])
def test_each_service_knows_a_withdrawn_clearance_and_one_that_was_recorded_again(project: Project) -> None:
    seen = recorded("identity")
    withdrawn = ClearanceWithdrawn(
        mentor_id=MENTOR, kind="identity", issued_on=seen.issued_on, withdrawn_on=FROM, reason="another's"
    )
    proofs = shown(project, *everything(), withdrawn)
    assert shortfalls(proofs, FROM) == (Shortfall("identity", "withdrawn", FROM),)
    assert shortfalls(shown(project, *everything(), withdrawn, seen), FROM) == ()


def test_an_auditor_reckons_with_suspensions_and_withdrawals_too() -> None:
    mentor = Mentor()
    for fact in (*everything(), suspended, lifted):
        mentor.take(fact)
    assert [lack["status"] for lack in mentor.on(SUSPENDED_ON)["lacking"]] == ["suspended"]
    assert mentor.on(LIFTED_ON)["in_date"]
    seen = recorded("identity")
    mentor.take(
        ClearanceWithdrawn(
            mentor_id=MENTOR, kind="identity", issued_on=seen.issued_on, withdrawn_on=FROM, reason="another's"
        )
    )
    assert [lack["item"] for lack in mentor.on(FROM)["lacking"]] == ["identity"]
