"""One valid example of every fact of a child."""

from datetime import UTC, date, datetime

from shared.contracts.assignments.child import (
    ChildAbsenceReported,
    ChildAccepted,
    ChildActivated,
    ChildExited,
    ChildPaused,
    ChildProfileUpdated,
    ChildReferred,
    ChildReopened,
    ChildResumed,
    Outcome,
    PlanReviewDue,
    ProvisionReviewed,
    ProvisionSpecified,
)
from shared.contracts.fact import Fact
from tests.support.people import (
    ACCEPTED_AT,
    ASSIGNMENT,
    CHILD,
    OUTCOME,
    RECEIVED_AT,
    REQUEST,
    SCHOOL,
    SUPPORT_BEGINS,
)

EXAMPLES: tuple[Fact, ...] = (
    ChildReferred(
        child_id=CHILD,
        request_id=REQUEST,
        school_id=SCHOOL,
        name="Ada Hartley",
        referred_on=RECEIVED_AT.date(),
    ),
    ChildAccepted(
        child_id=CHILD,
        request_id=REQUEST,
        school_id=SCHOOL,
        name="Ada Hartley",
        birth_date=date(2018, 3, 14),
        accepted_on=ACCEPTED_AT.date(),
    ),
    ProvisionSpecified(
        child_id=CHILD,
        minutes_per_week=900,
        areas=("speech_and_language", "social"),
        effective_from=SUPPORT_BEGINS,
        outcomes=(Outcome(outcome_id=OUTCOME, area="social", text="Ada asks other children to play."),),
        next_review_on=date(2026, 11, 30),
    ),
    PlanReviewDue(child_id=CHILD, due_on=date(2026, 11, 30)),
    ProvisionReviewed(
        child_id=CHILD,
        reviewed_on=date(2026, 12, 2),
        decision="continue",
        summary="Ada asks one child to play, not yet a group. The pictures help.",
        next_review_on=date(2027, 2, 24),
    ),
    ChildActivated(child_id=CHILD, assignment_id=ASSIGNMENT, activated_on=SUPPORT_BEGINS),
    ChildPaused(child_id=CHILD, reason="illness", paused_from=date(2027, 1, 11), review_on=date(2027, 1, 25)),
    ChildResumed(child_id=CHILD, resumed_on=date(2027, 1, 27)),
    ChildExited(child_id=CHILD, reason="outcomes_reached", exited_on=date(2027, 7, 22)),
    ChildReopened(child_id=CHILD, request_id=None, school_id=SCHOOL, reopened_on=date(2027, 9, 6)),
    ChildProfileUpdated(
        child_id=CHILD,
        needs=("speech_language_and_communication", "autism"),
        curriculum_level="key_stage_2",
        languages=("en", "pl"),
        updated_on=ACCEPTED_AT.date(),
    ),
    ChildAbsenceReported(
        child_id=CHILD,
        school_id=SCHOOL,
        absent_from=date(2026, 10, 6),
        absent_until=date(2026, 10, 8),
        reason="illness",
        reported_at=datetime(2026, 10, 6, 7, 10, tzinfo=UTC),
    ),
)
