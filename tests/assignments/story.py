"""A child who may have a mentor, and a mentor who may have a child: what these tests tell about."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from services.assignments.domain.gate import ChildStanding, MentorStanding
from shared.contracts.eligibility import REQUIRED, Evidence, Item
from tests.support.people import ASSIGNMENT, CHILD, ENGAGED_ON, MENTOR, SCHOOL

AT = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
TODAY = AT.date()
NEXT_MONDAY = date(2026, 9, 7)

ADA = ChildStanding(CHILD, SCHOOL, has_provision=True)


def proofs(*without: Item) -> tuple[Evidence, ...]:
    """Everything required, valid since the mentor was engaged and for good, without these items."""
    return tuple(Evidence(item, ENGAGED_ON) for item in REQUIRED if item not in without)


GRACE = MentorStanding(MENTOR, ENGAGED_ON, None, proofs())


def another(name: str) -> UUID:
    return uuid5(ASSIGNMENT, name)
