"""The front door of audit."""

from pathlib import Path

from services.audit.api import facts, questions, state, timelines, views
from services.audit.read_model.tables import metadata
from services.audit.subscriptions import PROJECTIONS
from shared.contracts.audit.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="audit",
    routers=(timelines.router, state.router, facts.router, views.router, questions.router),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=PROJECTIONS,
    viewed=RecordViewed,
)

if __name__ == "__main__":
    run(service)
