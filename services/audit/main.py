"""The front door of audit."""

from pathlib import Path

from services.audit.api import facts, ledger, questions, replays, reports, state, timelines, views
from services.audit.api.refusals import REFUSALS
from services.audit.bundle import routes as bundles
from services.audit.ledger.work import sequencing
from services.audit.read_model.tables import metadata
from services.audit.records import access_api
from services.audit.records import subscriptions as records
from services.audit.records.api import certificates, erasures, holds
from services.audit.records.refusals import REFUSALS as OF_RECORDS
from services.audit.replay.taking_up import TakingUp
from services.audit.subscriptions import PROJECTIONS
from shared.contracts.audit.forgotten import SubjectForgotten
from shared.contracts.audit.view import RecordViewed
from shared.kernel.service import Service, run

service = Service(
    name="audit",
    routers=(
        timelines.router,
        state.router,
        facts.router,
        views.router,
        questions.router,
        ledger.router,
        replays.router,
        reports.router,
        erasures.router,
        holds.router,
        certificates.router,
        bundles.router,
        access_api.router,
    ),
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    projections=(*PROJECTIONS, *records.PROJECTIONS),
    policies=records.POLICIES,
    effects=records.EFFECTS,
    due=records.DUE,
    refusals={**REFUSALS, **OF_RECORDS},
    forgotten=SubjectForgotten,
    viewed=RecordViewed,
    works={"sequencer": sequencing, "replays": TakingUp},
)

if __name__ == "__main__":
    run(service)
