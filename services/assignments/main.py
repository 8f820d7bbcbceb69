"""The front door of the assignments service: the only wiring."""

from pathlib import Path
from typing import get_args

from services.assignments import api
from services.assignments.api.importing import LARGEST_BYTES
from services.assignments.oneroster import api as oneroster
from services.assignments.oneroster.archive import LARGEST_ZIP
from services.assignments.policies.absence import Loss, NoNeed
from services.assignments.policies.assignments import release_mentor
from services.assignments.policies.children import CHILD_POLICIES, review_falls_due
from services.assignments.policies.cover import cancel_cover, end_covered, expire_cover, open_cover
from services.assignments.policies.leaving import EXITS, PAUSES, release_child, rest_with_child
from services.assignments.policies.requests import LINKS, follow_assignment
from services.assignments.policies.standing_in import Step, settle_cover, stand_in
from services.assignments.projections import PROJECTIONS
from services.assignments.projections.cover import COVER_EXPIRES
from services.assignments.projections.coverage import COVER_ENDS
from services.assignments.read_model import absence, standing_in, tables
from services.assignments.read_model.following import gone, request_of_child, resting
from services.assignments.read_model.leaving import leaving
from services.assignments.refusals import REFUSALS
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned, MentorOffered
from shared.contracts.assignments.forgotten import SubjectForgotten
from shared.contracts.assignments.mentor import MentorLeft
from shared.contracts.assignments.view import RecordViewed
from shared.kernel.projection import Policy
from shared.kernel.service import Service, run

service = Service(
    name="assignments",
    routers=api.routers,
    projections=PROJECTIONS,
    policies=(
        *CHILD_POLICIES,
        Policy("follow_assignment", LINKS, follow_assignment, request_of_child),
        Policy("release_child", EXITS, release_child, gone),
        Policy("rest_with_child", PAUSES, rest_with_child, resting),
        Policy("release_mentor", (MentorLeft, MentorOffered, MentorAssigned), release_mentor, leaving),
        Policy("open_cover", get_args(Loss), open_cover, absence.away),
        Policy("cancel_cover", get_args(NoNeed), cancel_cover, absence.needless),
        Policy("stand_in", get_args(Step), stand_in, standing_in.stood_in),
        Policy("settle_cover", (AssignmentEnded,), settle_cover, standing_in.days_after_end),
    ),
    due={
        "plan_review": review_falls_due,
        COVER_EXPIRES: expire_cover,
        COVER_ENDS: end_covered,
    },
    metadata=tables.metadata,
    migrations=Path(__file__).parent / "migrations",
    refusals=REFUSALS,
    large_bodies={"/schools/import": LARGEST_BYTES, oneroster.PATH: LARGEST_ZIP},
    viewed=RecordViewed,
    forgotten=SubjectForgotten,
)

if __name__ == "__main__":
    run(service)
