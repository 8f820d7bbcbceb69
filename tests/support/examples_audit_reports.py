"""One valid example of every fact about reports."""

from datetime import timedelta

from shared.contracts.audit.report import ReportIssued
from shared.contracts.fact import Fact
from tests.support.people import CHILD, MONDAY_NINE, VIEW

EXAMPLES: tuple[Fact, ...] = (
    ReportIssued(
        report_id=VIEW,
        kind="child-state",
        asked={"child_id": str(CHILD)},
        known_at=MONDAY_NINE,
        on=MONDAY_NINE.date(),
        fold="child-state/5",
        up_to={"assignments": 12, "training": 31},
        ledger_size=43,
        ledger_root="5b" * 32,
        witnessed_at=MONDAY_NINE - timedelta(seconds=3),
        sha256="0a" * 32,
        length=1200,
        issued_by="auditor:ines",
        issued_at=MONDAY_NINE + timedelta(minutes=1),
        child_id=CHILD,
    ),
)
