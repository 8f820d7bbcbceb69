"""One valid example of every fact of mentors, of what becomes of an assignment, and of handing over."""

from datetime import UTC, date, datetime

from shared.contracts.assignments.assignment import (
    AssignmentPaused,
    AssignmentResumed,
    OfferAccepted,
    PrimaryStoodAside,
    PrimaryStoodBack,
)
from shared.contracts.assignments.handover import HandoverBegun, HandoverOverridden, HandoverRecorded
from shared.contracts.assignments.mentor import (
    MentorAbsenceReported,
    MentorApplied,
    MentorAvailabilitySet,
    MentorProfileUpdated,
    MentorReturned,
    MentorWentOnLeave,
)
from shared.contracts.fact import Fact
from tests.support.examples_assignments_cover import COVER, COVERED_DAYS, SUBSTITUTE
from tests.support.people import ASSIGNMENT, CHILD, MENTOR, SCHOOL

EXAMPLES: tuple[Fact, ...] = (
    MentorApplied(
        mentor_id=MENTOR,
        name="Grace Okafor",
        email="grace.okafor@example.org",
        applied_on=date(2024, 10, 14),
    ),
    MentorWentOnLeave(
        mentor_id=MENTOR, leave_from=date(2027, 2, 22), expected_back_on=date(2027, 4, 12), kind="study"
    ),
    MentorReturned(mentor_id=MENTOR, leave_from=date(2027, 2, 22), returned_on=date(2027, 4, 12)),
    MentorAvailabilitySet(
        mentor_id=MENTOR,
        minutes_per_week=1500,
        weekdays=("monday", "tuesday", "wednesday", "thursday", "friday"),
        effective_from=date(2026, 9, 1),
    ),
    MentorProfileUpdated(
        mentor_id=MENTOR,
        areas=("speech_and_language", "social"),
        curriculum_levels=("key_stage_1", "key_stage_2"),
        experience=("speech_language_and_communication", "autism"),
        languages=("en", "ig"),
        town="Fernhollow",
        postcode_district="EV1",
        updated_on=date(2026, 5, 4),
    ),
    MentorAbsenceReported(
        mentor_id=MENTOR,
        absent_from=date(2026, 10, 5),
        absent_until=date(2026, 10, 8),
        reason="illness",
        reported_at=datetime(2026, 10, 5, 6, 10, tzinfo=UTC),
    ),
    OfferAccepted(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        role="primary",
        accepted_at=datetime(2026, 6, 19, 11, 0, tzinfo=UTC),
    ),
    AssignmentPaused(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        role="primary",
        reason="child_in_hospital",
        paused_from=date(2026, 11, 9),
        review_on=date(2026, 11, 23),
    ),
    AssignmentResumed(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        role="primary",
        paused_from=date(2026, 11, 9),
        resumed_on=date(2026, 11, 30),
    ),
    PrimaryStoodAside(
        because="mentor_absent",
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        cover_id=COVER,
        days=COVERED_DAYS,
        stood_aside_at=datetime(2026, 10, 5, 6, 10, tzinfo=UTC),
    ),
    PrimaryStoodBack(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        cover_id=COVER,
        days=COVERED_DAYS[2:],
        stood_back_at=datetime(2026, 10, 6, 15, 30, tzinfo=UTC),
    ),
    HandoverBegun(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        last_day=date(2027, 7, 21),
        reason="replaced",
        begun_at=datetime(2027, 6, 28, 9, 0, tzinfo=UTC),
    ),
    HandoverRecorded(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        summary="Picture cards before a change of room; a quiet corner after the playground.",
        to_mentor_id=SUBSTITUTE,
        recorded_at=datetime(2027, 7, 19, 15, 0, tzinfo=UTC),
    ),
    HandoverOverridden(
        assignment_id=ASSIGNMENT,
        child_id=CHILD,
        mentor_id=MENTOR,
        school_id=SCHOOL,
        reason="mentor_left_without_handover",
        overridden_by="manager:amira",
        overridden_at=datetime(2027, 7, 22, 8, 0, tzinfo=UTC),
    ),
)
