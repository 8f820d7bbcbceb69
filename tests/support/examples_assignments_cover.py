"""One valid example of every fact of cover."""

from datetime import UTC, date, datetime
from uuid import uuid5

from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverDeclined,
    CoverExpired,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.contracts.fact import Fact
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, SCHOOL

COVER = uuid5(ASSIGNMENT, "cover in October")
SUBSTITUTE = uuid5(MENTOR, "Noor Hamid")
OTHER_SUBSTITUTE = uuid5(MENTOR, "Peter Lindqvist")
COVERED_DAYS = (date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7))

EXAMPLES: tuple[Fact, ...] = (
    CoverRequested(
        cover_id=COVER,
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        school_id=SCHOOL,
        absent_mentor_id=MENTOR,
        form="individual",
        asked=(OTHER_SUBSTITUTE, SUBSTITUTE),
        days=COVERED_DAYS,
        reason="mentor_absent",
        expires_at=datetime(2026, 10, 7, 8, 0, tzinfo=UTC),
        requested_at=datetime(2026, 10, 5, 6, 10, tzinfo=UTC),
    ),
    CoverDeclined(
        cover_id=COVER,
        child_id=CHILD,
        mentor_id=OTHER_SUBSTITUTE,
        next_asked=SUBSTITUTE,
        days_given_up=(),
        declined_at=datetime(2026, 10, 5, 6, 25, tzinfo=UTC),
    ),
    CoverPartiallyAccepted(
        cover_id=COVER,
        child_id=CHILD,
        school_id=SCHOOL,
        mentor_id=SUBSTITUTE,
        days=COVERED_DAYS[:2],
        days_left=COVERED_DAYS[2:],
        accepted_at=datetime(2026, 10, 5, 6, 40, tzinfo=UTC),
    ),
    CoverAccepted(
        cover_id=COVER,
        child_id=CHILD,
        school_id=SCHOOL,
        mentor_id=SUBSTITUTE,
        days=COVERED_DAYS,
        accepted_at=datetime(2026, 10, 5, 6, 40, tzinfo=UTC),
    ),
    CoverGivenBack(
        cover_id=COVER,
        child_id=CHILD,
        school_id=SCHOOL,
        mentor_id=SUBSTITUTE,
        days=COVERED_DAYS[1:],
        days_left=COVERED_DAYS[1:],
        reason="mentor_absent",
        expires_at=datetime(2026, 10, 7, 8, 0, tzinfo=UTC),
        given_back_at=datetime(2026, 10, 5, 16, 0, tzinfo=UTC),
    ),
    CoverCancelled(
        cover_id=COVER,
        child_id=CHILD,
        school_id=SCHOOL,
        days=COVERED_DAYS[2:],
        days_left=(),
        days_kept=COVERED_DAYS[:2],
        reason="mentor_is_back",
        cancelled_at=datetime(2026, 10, 6, 15, 30, tzinfo=UTC),
    ),
    CoverExpired(
        cover_id=COVER,
        child_id=CHILD,
        school_id=SCHOOL,
        days_left=COVERED_DAYS[2:],
        expired_at=datetime(2026, 10, 7, 8, 0, tzinfo=UTC),
    ),
)
