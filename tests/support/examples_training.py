"""One valid example of every fact of the training service."""

from datetime import date

from shared.contracts.eligibility import Shortfall
from shared.contracts.fact import Fact
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceLapsed, ClearanceRecorded
from shared.contracts.training.course import CoursePublished, CourseRetired
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted, TrainingFailed
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from tests.support.people import CERTIFICATION, COURSE, ENROLMENT, MENTOR

COMPLETED_ON = date(2026, 5, 20)
VALID_UNTIL = date(2028, 5, 19)

EXAMPLES: tuple[Fact, ...] = (
    CoursePublished(
        course_id=COURSE,
        track="slt",
        title="Speech and language in the classroom",
        version=2,
        valid_months=24,
        published_on=date(2026, 1, 5),
    ),
    CourseRetired(course_id=COURSE, retired_on=date(2027, 1, 4)),
    TrainingAssigned(
        enrolment_id=ENROLMENT,
        mentor_id=MENTOR,
        course_id=COURSE,
        track="slt",
        required_by="office",
        assigned_on=date(2026, 5, 4),
        due_on=date(2026, 6, 30),
    ),
    TrainingCompleted(
        enrolment_id=ENROLMENT,
        mentor_id=MENTOR,
        course_id=COURSE,
        track="slt",
        completed_on=COMPLETED_ON,
        evidence="Attendance sheet 2026-118",
    ),
    TrainingFailed(
        enrolment_id=ENROLMENT, mentor_id=MENTOR, course_id=COURSE, track="slt", failed_on=COMPLETED_ON
    ),
    CertificationGranted(
        certification_id=CERTIFICATION,
        mentor_id=MENTOR,
        track="slt",
        kind="full",
        enrolment_id=ENROLMENT,
        granted_on=date(2026, 5, 21),
        valid_from=COMPLETED_ON,
        valid_until=VALID_UNTIL,
        renews=None,
        window_opens_on=date(2028, 2, 19),
        renew_by=date(2028, 5, 5),
        reason=None,
    ),
    CertificationExpired(
        certification_id=CERTIFICATION, mentor_id=MENTOR, track="slt", expired_on=date(2028, 5, 20)
    ),
    CertificationRevoked(
        certification_id=CERTIFICATION,
        mentor_id=MENTOR,
        track="slt",
        revoked_on=date(2026, 11, 2),
        reason="The attendance sheet turned out to be another person's.",
    ),
    ClearanceRecorded(
        mentor_id=MENTOR,
        kind="dbs_enhanced",
        recorded_on=date(2026, 5, 4),
        issued_on=date(2025, 1, 13),
        last_status_check_on=date(2026, 5, 1),
        recheck_due_on=date(2027, 4, 30),
        reference="001234567890",
        seen_by="compliance:colm",
        seen_as="original",
    ),
    ClearanceLapsed(mentor_id=MENTOR, kind="dbs_enhanced", lapsed_on=date(2027, 5, 1)),
    MentorCleared(mentor_id=MENTOR, cleared_on=date(2026, 5, 21)),
    MentorStoodDown(
        mentor_id=MENTOR,
        stood_down_on=date(2026, 11, 2),
        reasons=(Shortfall("slt", "withdrawn", date(2026, 11, 2)),),
    ),
)
