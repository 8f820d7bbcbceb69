"""One valid example of every fact about disclosures."""

from datetime import timedelta

from shared.contracts.audit.disclosure import RecordDisclosed
from shared.contracts.fact import Fact
from tests.support.people import CHILD, MONDAY_NINE, VIEW

EXAMPLES: tuple[Fact, ...] = (
    RecordDisclosed(
        disclosure_id=VIEW,
        disclosed_to="parent",
        purpose="subject_access",
        classes=("profile", "casework", "contact"),
        facts=41,
        withheld=3,
        known_at=MONDAY_NINE,
        ledger_size=43,
        ledger_root="5b" * 32,
        sha256="0a" * 32,
        disclosed_by="manager:ines",
        disclosed_at=MONDAY_NINE + timedelta(minutes=1),
        child_id=CHILD,
    ),
)
