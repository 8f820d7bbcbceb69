"""One valid example of every fact of schools, and of the first of mentors and assignments."""

from datetime import UTC, date, datetime

from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
    OfferCancelled,
)
from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.assignments.school import SchoolDetailsChanged, SchoolRegistered
from shared.contracts.fact import Fact
from tests.support.people import (
    ASSIGNMENT,
    CHILD,
    ENGAGED_ON,
    MENTOR,
    SCHOOL,
    SUPPORT_BEGINS,
)

EXAMPLES: tuple[Fact, ...] = (
    SchoolRegistered(
        school_id=SCHOOL,
        urn=990001,
        name="Fernhollow Primary School",
        local_authority="Eastvale",
        town="Fernhollow",
        postcode="EV1 2AB",
        phase="primary",
        status="open",
        lowest_age=4,
        highest_age=11,
        opened_on=date(1998, 9, 1),
    ),
    SchoolDetailsChanged(
        school_id=SCHOOL,
        urn=990001,
        name="Fernhollow Primary Academy",
        local_authority="Eastvale",
        town="Fernhollow",
        postcode="EV1 2AB",
        phase="primary",
        status="open_proposed_to_close",
        lowest_age=4,
        highest_age=11,
        opened_on=date(1998, 9, 1),
    ),
    MentorEngaged(
        mentor_id=MENTOR, name="Grace Okafor", email="grace.okafor@example.org", engaged_on=ENGAGED_ON
    ),
    MentorLeft(mentor_id=MENTOR, left_on=date(2027, 7, 24)),
    MentorOffered(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        role="primary",
        offered_at=datetime(2026, 6, 15, 10, 0, tzinfo=UTC),
    ),
    OfferCancelled(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        reason="school_declined",
        cancelled_at=datetime(2026, 6, 17, 16, 20, tzinfo=UTC),
    ),
    MentorAssigned(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        role="primary",
        effective_from=SUPPORT_BEGINS,
    ),
    AssignmentEnded(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        role="primary",
        reason="outcomes_reached",
        ended_on=date(2027, 7, 22),
    ),
)
