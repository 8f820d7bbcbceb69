"""Every rule that the whole story is held against is broken once, to see that it tells."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from services.audit.replay import primaries
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    PrimaryStoodAside,
)
from shared.contracts.assignments.cover import CoverAccepted
from shared.contracts.assignments.region_transfer import RegionTransferAccepted
from shared.contracts.fact import Fact, contract_of
from shared.contracts.sessions.session import SessionScheduled, SessionStarted
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked
from shared.contracts.sessions.session_log import SessionLogged
from shared.contracts.training.certification import CertificationGranted
from shared.kernel.recorded import Recorded
from tests.journeys import rules
from tests.journeys.rules import Rule
from tests.support.examples import example
from tests.support.people import SESSION, SUPPORT_BEGINS

NOW = datetime(2026, 9, 7, 6, tzinfo=UTC)
OTHER = UUID(int=9)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def told(of: type[Fact], **changed: Any) -> Fact:
    return example(of).model_copy(update=changed)


def history(*facts: Fact) -> list[Recorded[Any]]:
    """These facts as recorded one after the other."""
    return [
        Recorded(
            fact,
            contract_of(fact).service,
            nth,
            uuid4(),
            1,
            NOW,
            uuid4(),
            "uk-london",
            "coordinator:ruth",
            "c",
            "",
        )
        for nth, fact in enumerate(facts, start=1)
    ]


ASSIGNED = told(MentorAssigned, role="primary", effective_until=None, cover_id=None)
SECOND = told(MentorAssigned, assignment_id=OTHER, mentor_id=OTHER, effective_until=None, cover_id=None)
SCHEDULED = example(SessionScheduled)
STARTED = example(SessionStarted)
LOGGED = told(SessionLogged, submission=1, late=False, late_reason=None)
OVER = example(SessionScheduled).ends_at

BROKEN: tuple[tuple[Rule, tuple[Fact, ...]], ...] = (
    (rules.exclusive, (ASSIGNED, SECOND)),
    (rules.role_boundary, (told(SessionLogged, activities=("whole_class",)),)),
    (rules.gate, (example(MentorOffered),)),
    (rules.gate, (ASSIGNED,)),
    (rules.gate, (example(CoverAccepted),)),
    (rules.gate, (STARTED,)),
    (rules.standing_down_stops_sessions, (SCHEDULED,)),
    (
        rules.no_overlap,
        (SCHEDULED, told(SessionScheduled, session_id=OTHER, starts_at=SCHEDULED.starts_at + HOUR / 2)),
    ),
    (rules.logs_are_of_supported_days, (ASSIGNED, SCHEDULED, LOGGED)),
    (
        rules.logs_are_of_supported_days,
        (told(MentorAssigned, effective_from=date(2027, 1, 1)), SCHEDULED, STARTED, LOGGED),
    ),
    (rules.late_logs, (SCHEDULED, told(SessionLogged, logged_at=OVER + 49 * HOUR, late=False))),
    (rules.late_logs, (SCHEDULED, told(SessionLogged, logged_at=OVER + HOUR, late=True))),
    (
        rules.late_logs,
        (SCHEDULED, told(SessionLogged, logged_at=OVER + 73 * HOUR, late=True, late_reason=None)),
    ),
    (rules.locked_is_never_edited, (told(SessionLocked, session_id=SESSION), LOGGED)),
    (
        rules.cover_never_overlaps_the_primary,
        (
            ASSIGNED,
            told(
                MentorAssigned,
                assignment_id=OTHER,
                mentor_id=OTHER,
                role="cover",
                effective_from=SUPPORT_BEGINS,
                effective_until=SUPPORT_BEGINS + DAY,
            ),
        ),
    ),
    (
        rules.handed_over,
        (ASSIGNED, told(AssignmentEnded, role="primary", reason="provision_ended"), SECOND),
    ),
    (
        rules.renewing_early_loses_nothing,
        (
            told(CertificationGranted, kind="full", valid_until=date(2026, 12, 31)),
            told(
                CertificationGranted,
                kind="full",
                certification_id=OTHER,
                renews=example(CertificationGranted).certification_id,
                valid_from=date(2026, 12, 1),
            ),
        ),
    ),
    (rules.transfers_have_consent, (example(RegionTransferAccepted),)),
    (rules.school_hours_are_local, (told(SessionScheduled, ends_at=SCHEDULED.ends_at + DAY),)),
    (
        rules.approved_by_somebody_else,
        (LOGGED, told(SessionApproved, approved_by=example(SessionLogged).logged_by)),
    ),
)


@pytest.mark.parametrize(("rule", "facts"), BROKEN, ids=[rule.__name__ for rule, _ in BROKEN])
def test_what_breaks_a_rule_is_told(rule: Rule, facts: tuple[Fact, ...]) -> None:
    assert list(rule(history(*facts), NOW))


def test_every_rule_is_broken_once_here() -> None:
    assert {rule for rule, _ in BROKEN} == {*rules.RULES}


def test_a_history_that_keeps_the_rules_is_not_complained_of() -> None:
    kept = (SCHEDULED, told(SessionScheduled, session_id=uuid5(SESSION, "next"), starts_at=SCHEDULED.ends_at))
    assert list(rules.no_overlap(history(*kept), NOW)) == []


def test_a_weekend_between_two_weeks_of_cover_is_nobodys() -> None:
    monday = SUPPORT_BEGINS + timedelta(days=-SUPPORT_BEGINS.weekday() % 7)
    days = tuple(monday + n * DAY for n in (0, 1, 2, 3, 4, 7, 8))
    cover = {"role": "cover", "effective_from": monday, "effective_until": monday + 9 * DAY, "days": days}
    both = (
        ASSIGNED,
        told(PrimaryStoodAside, days=(*days, monday + 6 * DAY)),
        told(MentorAssigned, assignment_id=OTHER, mentor_id=OTHER, **cover),
        told(
            MentorAssigned,
            assignment_id=uuid5(OTHER, "sunday"),
            mentor_id=OTHER,
            role="cover",
            effective_from=monday + 6 * DAY,
            effective_until=monday + 7 * DAY,
            days=(monday + 6 * DAY,),
        ),
    )
    assert list(rules.cover_never_overlaps_the_primary(history(*both), NOW)) == []
    there = primaries.fold(history(*both)).there
    assert [one.begun.assignment_id for one in there(monday + 5 * DAY)] == [
        ASSIGNED.model_dump()["assignment_id"]
    ]
