"""The front door of audit."""

from pathlib import Path

from services.audit.api import facts, ledger, questions, state, timelines, views
from services.audit.ledger.work import sequencing
from services.audit.read_model.tables import metadata
from services.audit.subscriptions import PROJECTIONS
from shared.contracts.audit.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="audit",
    routers=(timelines.router, state.router, facts.router, views.router, questions.router, ledger.router),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=PROJECTIONS,
    viewed=RecordViewed,
    works={"sequencer": sequencing},
)

if __name__ == "__main__":
    run(service)
