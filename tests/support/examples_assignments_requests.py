"""One valid example of every fact of support requests: each as far as it goes."""

from datetime import UTC, date, datetime

from shared.contracts.assignments.support_request import (
    InformationReceived,
    InformationRequested,
    SupportRequestAccepted,
    SupportRequestDeclined,
    SupportRequestFulfilled,
    SupportRequestMatchLost,
    SupportRequestOffered,
    SupportRequestReceived,
    SupportRequestResumed,
    SupportRequestTakenOn,
    SupportRequestTriaged,
    SupportRequestWaitlisted,
    SupportRequestWithdrawn,
)
from shared.contracts.fact import Fact
from tests.support.people import ACCEPTED_AT, ASSIGNMENT, CHILD, RECEIVED_AT, REQUEST, SCHOOL, SUPPORT_BEGINS

EXAMPLES: tuple[Fact, ...] = (
    SupportRequestReceived(
        request_id=REQUEST,
        child_id=CHILD,
        school_id=SCHOOL,
        requester_kind="school",
        child_name="Ada Hartley",
        needs="Help with speech, and with being among other children.",
        received_at=RECEIVED_AT,
        requester_name="Imogen Frost",
    ),
    SupportRequestTriaged(
        request_id=REQUEST,
        child_id=CHILD,
        urgency="soon",
        areas=("speech_and_language", "social"),
        stage="triaged",
        triaged_at=datetime(2026, 6, 2, 11, 0, tzinfo=UTC),
    ),
    InformationRequested(
        request_id=REQUEST,
        child_id=CHILD,
        question="What did the speech therapist recommend in spring?",
        answer_due_on=date(2026, 6, 9),
        requested_at=datetime(2026, 6, 2, 11, 5, tzinfo=UTC),
    ),
    InformationReceived(
        request_id=REQUEST,
        child_id=CHILD,
        answer="Short sentences, pictures for each step of the day, and two sessions of speech play a week.",
        received_at=datetime(2026, 6, 4, 15, 20, tzinfo=UTC),
    ),
    SupportRequestTakenOn(
        request_id=REQUEST,
        child_id=CHILD,
        school_id=SCHOOL,
        child_name="Ada Hartley",
        birth_date=date(2018, 3, 14),
        minutes_per_week=900,
        areas=("speech_and_language", "social"),
        effective_from=SUPPORT_BEGINS,
        taken_on_at=ACCEPTED_AT,
        received_on=RECEIVED_AT.date(),
    ),
    SupportRequestWaitlisted(
        request_id=REQUEST,
        child_id=CHILD,
        reason="no_mentor_free",
        review_on=date(2026, 7, 6),
        waitlisted_at=datetime(2026, 6, 9, 9, 0, tzinfo=UTC),
    ),
    SupportRequestResumed(
        request_id=REQUEST,
        child_id=CHILD,
        stage="matching",
        resumed_at=datetime(2026, 6, 12, 9, 0, tzinfo=UTC),
    ),
    SupportRequestOffered(
        request_id=REQUEST,
        child_id=CHILD,
        assignment_id=ASSIGNMENT,
        stage="offered",
        offered_at=datetime(2026, 6, 15, 10, 0, tzinfo=UTC),
    ),
    SupportRequestAccepted(
        request_id=REQUEST,
        child_id=CHILD,
        assignment_id=ASSIGNMENT,
        accepted_at=datetime(2026, 6, 18, 9, 30, tzinfo=UTC),
    ),
    SupportRequestMatchLost(
        request_id=REQUEST,
        child_id=CHILD,
        assignment_id=ASSIGNMENT,
        reason="school_declined",
        stage="matching",
        lost_at=datetime(2026, 6, 17, 16, 20, tzinfo=UTC),
    ),
    SupportRequestFulfilled(
        request_id=REQUEST, child_id=CHILD, assignment_id=ASSIGNMENT, fulfilled_on=SUPPORT_BEGINS
    ),
    SupportRequestDeclined(request_id=REQUEST, child_id=CHILD, reason="no_capacity", declined_at=ACCEPTED_AT),
    SupportRequestWithdrawn(
        request_id=REQUEST, child_id=CHILD, reason="child_moved", withdrawn_at=ACCEPTED_AT
    ),
)
