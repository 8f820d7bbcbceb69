"""The front door of training."""

from pathlib import Path

from services.training.api import (
    bulk,
    certifications,
    clearances,
    courses,
    enrolments,
    importing,
    matrix,
    mentors,
    programmes,
)
from services.training.badges import documents
from services.training.badges import routes as badges
from services.training.policies.due import DUE
from services.training.read_model.tables import metadata
from services.training.refusals import REFUSALS
from services.training.subscriptions import POLICIES, PROJECTIONS
from services.training.xapi import resources
from services.training.xapi import routes as xapi
from shared.contracts.training.forgotten import SubjectForgotten
from shared.contracts.training.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="training",
    routers=(
        courses.router,
        programmes.router,
        bulk.router,
        enrolments.router,
        importing.router,
        certifications.router,
        clearances.router,
        mentors.router,
        matrix.router,
        xapi.router,
        resources.router,
        badges.router,
        documents.router,
    ),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=PROJECTIONS,
    policies=POLICIES,
    due=DUE,
    refusals=REFUSALS,
    large_bodies={"/completions/import": importing.LARGEST_BYTES},
    viewed=RecordViewed,
    forgotten=SubjectForgotten,
)

if __name__ == "__main__":
    run(service)
