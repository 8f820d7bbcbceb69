"""The front door of training."""

from pathlib import Path

from services.training import policies, projections
from services.training.api import courses, enrolments, mentors
from services.training.read_model.tables import metadata
from services.training.subscriptions import POLICIES, PROJECTIONS
from shared.contracts.training.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="training",
    routers=(courses.router, enrolments.router, mentors.router),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=PROJECTIONS,
    policies=POLICIES,
    due={
        projections.CERTIFICATION_EXPIRY: policies.expire,
        projections.CERTIFICATION_START: policies.review,
        projections.CLEARANCE_LAPSE: policies.lapse,
    },
    refusals={
        "already_published": "A published course does not change. Publish a new version beside it.",
        "version_taken": "This version of the course was published before. Publish the next one.",
        "course_not_published": "There is no such course. Publish it first.",
        "course_retired": "A retired course is assigned to nobody. Assign its newest version.",
        "invalid_title": "A course needs a title.",
        "invalid_version": "Versions are numbered from 1.",
        "invalid_valid_months": "Induction is for good; a safeguarding update counts for 12 months at most; "
        "every other course says for how many months it certifies.",
        "already_assigned": "This enrolment is another mentor's or course's. Make a new one.",
        "already_enrolled": "A mentor takes a course once at a time. Complete or fail the open one first.",
        "already_completed": "This enrolment is completed. If that was wrong, revoke the certification.",
        "already_failed": "A failed enrolment stays failed. Assign the course again.",
        "enrolment_unknown": "There is no such enrolment. Assign the course first.",
        "invalid_due_on": "A course cannot be due on a day that has passed.",
        "invalid_evidence": "A completion names the record that proves it.",
        "invalid_completed_on": "A completion lies on a day that has come.",
        "invalid_failed_on": "A failure lies on a day that has come.",
        "certification_unknown": "The mentor has no such certification. See the mentor's compliance.",
        "certification_expired": "An expired certification cannot be revoked.",
        "invalid_reason": "A revocation says why.",
        "invalid_issued_on": "A document is issued on a day that has come.",
        "invalid_last_status_check_on": "A status is looked up after the issue, and not in the future.",
        "invalid_recheck_due_on": "A recheck falls due after the document was issued.",
        "invalid_reference": "A clearance names the number on its document.",
    },
    viewed=RecordViewed,
)

if __name__ == "__main__":
    run(service)
