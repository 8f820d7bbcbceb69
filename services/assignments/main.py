"""The front door of the assignments service: the only wiring."""

from pathlib import Path

from services.assignments import api
from services.assignments.api.importing import LARGEST_BYTES
from services.assignments.policies.assignments import release_mentor
from services.assignments.policies.children import accept_child
from services.assignments.projections import PROJECTIONS
from services.assignments.read_model import tables
from services.assignments.read_model.leaving import leaving
from services.assignments.refusals import REFUSALS
from shared.contracts.assignments.assignment import MentorAssigned, MentorOffered
from shared.contracts.assignments.mentor import MentorLeft
from shared.contracts.assignments.support_request import SupportRequestAccepted
from shared.contracts.assignments.view import RecordViewed
from shared.kernel.projection import Policy
from shared.kernel.service import Service, run

service = Service(
    name="assignments",
    routers=api.routers,
    projections=PROJECTIONS,
    policies=(
        Policy("accept_child", (SupportRequestAccepted,), accept_child),
        Policy("release_mentor", (MentorLeft, MentorOffered, MentorAssigned), release_mentor, leaving),
    ),
    metadata=tables.metadata,
    migrations=Path(__file__).parent / "migrations",
    refusals=REFUSALS,
    large_bodies={"/schools/import": LARGEST_BYTES},
    viewed=RecordViewed,
)

if __name__ == "__main__":
    run(service)
