"""One valid example of every fact of the expiry ladder, of withdrawals and of suspensions."""

from datetime import date

from shared.contracts.fact import Fact
from shared.contracts.training.certification import (
    CertificationExpiring,
    CertificationOverdue,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import ClearanceExpiring, ClearanceWithdrawn
from shared.contracts.training.standing import MentorSuspended, MentorVetted, SuspensionLifted
from tests.support.examples_training import VALID_UNTIL
from tests.support.people import CERTIFICATION, MENTOR

ISSUED_ON = date(2025, 1, 13)

EXAMPLES: tuple[Fact, ...] = (
    CertificationWindowOpened(
        certification_id=CERTIFICATION,
        mentor_id=MENTOR,
        track="slt",
        valid_until=VALID_UNTIL,
        opened_on=date(2028, 2, 19),
    ),
    CertificationExpiring(
        certification_id=CERTIFICATION, mentor_id=MENTOR, track="slt", days_left=30, valid_until=VALID_UNTIL
    ),
    CertificationOverdue(
        certification_id=CERTIFICATION,
        mentor_id=MENTOR,
        track="slt",
        renew_by=date(2028, 5, 5),
        valid_until=VALID_UNTIL,
    ),
    ClearanceExpiring(
        mentor_id=MENTOR,
        kind="dbs_enhanced",
        issued_on=ISSUED_ON,
        days_left=30,
        recheck_due_on=date(2027, 4, 30),
    ),
    ClearanceWithdrawn(
        mentor_id=MENTOR,
        kind="dbs_enhanced",
        issued_on=ISSUED_ON,
        withdrawn_on=date(2026, 10, 5),
        reason="The certificate turned out to be for another workforce.",
    ),
    MentorVetted(mentor_id=MENTOR, vetted_on=date(2026, 5, 4)),
    MentorSuspended(mentor_id=MENTOR, suspended_on=date(2026, 10, 5), reason_code="under_investigation"),
    SuspensionLifted(mentor_id=MENTOR, suspended_on=date(2026, 10, 5), lifted_on=date(2026, 10, 19)),
)
