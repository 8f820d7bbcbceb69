"""The front door of sessions."""

from pathlib import Path

from services.sessions.api import (
    calendars,
    delivery,
    logs,
    reading,
    reports,
    sessions,
    timesheets,
    timetables,
)
from services.sessions.due import DUE
from services.sessions.read_model.tables import metadata
from services.sessions.refusals import REFUSALS
from services.sessions.subscriptions import POLICIES, PROJECTIONS
from shared.contracts.sessions.forgotten import SubjectForgotten
from shared.contracts.sessions.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="sessions",
    routers=(
        calendars.router,
        timetables.router,
        timesheets.router,
        delivery.router,
        sessions.router,
        logs.router,
        reading.router,
        reports.router,
    ),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=PROJECTIONS,
    policies=POLICIES,
    due=DUE,
    refusals=REFUSALS,
    viewed=RecordViewed,
    forgotten=SubjectForgotten,
)

if __name__ == "__main__":
    run(service)
