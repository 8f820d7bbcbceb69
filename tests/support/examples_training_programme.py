"""One valid example of every fact of programmes, drafts, and of how enrolments go on."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from shared.contracts.fact import Fact
from shared.contracts.training.course import CourseDrafted
from shared.contracts.training.enrolment import (
    TrainingOverdue,
    TrainingStarted,
    TrainingWaived,
    TrainingWithdrawn,
)
from shared.contracts.training.programme import ProgrammeSet, Requirement
from shared.contracts.words.training import Track
from tests.support.people import COURSE, ENROLMENT, MENTOR


def requirement(track: Track, valid_months: int | None, complete_within_days: int = 60) -> Requirement:
    return Requirement(
        track=track,
        valid_months=valid_months,
        window_days=90,
        renew_before_days=14,
        complete_within_days=complete_within_days,
    )


EXAMPLES: tuple[Fact, ...] = (
    CourseDrafted(
        course_id=COURSE,
        track="slt",
        title="Speech and language in the classroom",
        version=2,
        valid_months=24,
        drafted_on=date(2025, 11, 17),
    ),
    ProgrammeSet(
        programme_id=uuid5(NAMESPACE_URL, "example:what learning mentors need"),
        role="learning_mentor",
        requirements=(
            requirement("induction", None, 14),
            requirement("slt", 24),
            requirement("ot", 24),
            requirement("bed", 24),
            requirement("safeguarding", 12, 14),
        ),
        effective_from=date(2026, 1, 5),
    ),
    TrainingStarted(
        enrolment_id=ENROLMENT, mentor_id=MENTOR, course_id=COURSE, track="slt", started_on=date(2026, 5, 11)
    ),
    TrainingOverdue(enrolment_id=ENROLMENT, mentor_id=MENTOR, track="slt", due_on=date(2026, 6, 30)),
    TrainingWaived(
        enrolment_id=ENROLMENT,
        mentor_id=MENTOR,
        course_id=COURSE,
        track="slt",
        reason="equivalent_qualification",
        evidence="Diploma 2024-77, copy in the file",
        waived_by="compliance:colm",
        waived_on=date(2026, 5, 6),
        counts_for="certification",
        valid_until=date(2027, 5, 5),
    ),
    TrainingWithdrawn(
        enrolment_id=ENROLMENT,
        mentor_id=MENTOR,
        course_id=COURSE,
        track="slt",
        reason="assigned_in_error",
        withdrawn_on=date(2026, 5, 5),
    ),
)
