"""One valid example of what a learning system states."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from shared.contracts.fact import Fact
from shared.contracts.training.learning import LearningStated, LearningVoided
from tests.support.people import COURSE, MENTOR

STATEMENT = uuid5(NAMESPACE_URL, "example:Grace passed speech and language")
VOIDING = uuid5(NAMESPACE_URL, "example:it was somebody else")

EXAMPLES: tuple[Fact, ...] = (
    LearningStated(
        statement_id=STATEMENT,
        mentor_id=MENTOR,
        verb="http://adlnet.gov/expapi/verbs/passed",
        activity="urn:sha256:7d5c0b6a1fd3c7c2f0a1f5c2a7f9b8d46e0e9b7e6f4f3b1a2c5d8e9f0a1b2c3d",
        course_id=COURSE,
        registration=None,
        refers_to=None,
        success=True,
        happened_at=datetime(2026, 5, 20, 15, 4, tzinfo=UTC),
        statement='{"verb": {"id": "http://adlnet.gov/expapi/verbs/passed"}}',
    ),
    LearningVoided(
        statement_id=VOIDING,
        mentor_id=MENTOR,
        voided_statement_id=STATEMENT,
        registration=None,
        happened_at=datetime(2026, 5, 22, 9, 0, tzinfo=UTC),
        statement='{"verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}',
    ),
)
