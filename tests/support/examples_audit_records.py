"""One valid example of every fact of the records office, and of every service's word that it has forgotten."""

from datetime import date, datetime, timedelta
from typing import Any

from shared.contracts.assignments.forgotten import SubjectForgotten as AssignmentsForgot
from shared.contracts.audit.certificate import Acknowledged, ErasureCertified, StillKept
from shared.contracts.audit.erasure import (
    ClassDecision,
    ErasureApproved,
    ErasureDecided,
    ErasureOrdered,
    ErasureRefused,
    ErasureRequested,
    KeysDestroyed,
    RetentionEnded,
)
from shared.contracts.audit.forgotten import SubjectForgotten as AuditForgot
from shared.contracts.audit.hold import LegalHoldLifted, LegalHoldPlaced
from shared.contracts.fact import Fact
from shared.contracts.notifications.forgotten import SubjectForgotten as NotificationsForgot
from shared.contracts.sessions.forgotten import SubjectForgotten as SessionsForgot
from shared.contracts.training.forgotten import SubjectForgotten as TrainingForgot
from tests.support.people import CHILD, ERASURE, HOLD, MENTOR, MONDAY_NINE, PARENT

COMMITMENT = "c0" * 32
SERVICES = ("assignments", "audit", "notifications", "sessions", "training")
REQUESTED_AT = MONDAY_NINE + timedelta(days=400)
ORDERED_AT = REQUESTED_AT + timedelta(days=2)


def _forgot(rows: dict[str, int], at: datetime) -> dict[str, Any]:
    return {"erasure_id": ERASURE, "rows": sum(rows.values()), "tables": rows, "forgotten_at": at}


EXAMPLES: tuple[Fact, ...] = (
    LegalHoldPlaced(
        hold_id=HOLD,
        mentor_id=MENTOR,
        classes=("employment", "casework"),
        reason="legal_claim",
        placed_by="manager:dawn",
        placed_at=MONDAY_NINE,
    ),
    LegalHoldLifted(
        hold_id=HOLD, mentor_id=MENTOR, lifted_by="dsl:imani", lifted_at=MONDAY_NINE + timedelta(days=90)
    ),
    ErasureRequested(
        erasure_id=ERASURE,
        child_id=CHILD,
        ground="no_longer_necessary",
        classes=("profile", "casework", "safeguarding", "contact"),
        commitment=COMMITMENT,
        requested_by="coordinator:ruth",
        requested_at=REQUESTED_AT,
    ),
    ErasureDecided(
        erasure_id=ERASURE,
        child_id=CHILD,
        decisions=(
            ClassDecision(keep="profile", outcome="erase"),
            ClassDecision(keep="casework", outcome="erase"),
            ClassDecision(
                keep="safeguarding", outcome="retain", until=date(2044, 1, 1), why="retention_period"
            ),
            ClassDecision(keep="contact", outcome="erase"),
        ),
        recipient_ids=(PARENT,),
        ended_on=date(2027, 7, 21),
        decided_by="compliance:omar",
        decided_at=REQUESTED_AT + timedelta(days=1),
    ),
    ErasureRefused(
        erasure_id=ERASURE,
        child_id=CHILD,
        why="not_the_person",
        refused_by="compliance:omar",
        refused_at=REQUESTED_AT + timedelta(days=1),
    ),
    ErasureApproved(erasure_id=ERASURE, child_id=CHILD, approved_by="manager:dawn", approved_at=ORDERED_AT),
    RetentionEnded(
        erasure_id=ERASURE,
        child_id=CHILD,
        keep="safeguarding",
        ended_at=datetime.combine(date(2044, 1, 1), datetime.min.time(), MONDAY_NINE.tzinfo),
    ),
    ErasureOrdered(
        erasure_id=ERASURE,
        child_id=CHILD,
        classes=("profile", "casework", "contact"),
        recipient_ids=(PARENT,),
        services=SERVICES,
        commitment=COMMITMENT,
        ordered_at=ORDERED_AT,
    ),
    KeysDestroyed(
        erasure_id=ERASURE,
        child_id=CHILD,
        classes=("profile", "casework", "contact"),
        recipient_ids=(PARENT,),
        destroyed=3,
        epoch=4,
        ordered_at=ORDERED_AT,
    ),
    ErasureCertified(
        erasure_id=ERASURE,
        commitment=COMMITMENT,
        ground="no_longer_necessary",
        classes=("profile", "casework", "contact"),
        kept=(StillKept(keep="safeguarding", why="retention_period", until=date(2044, 1, 1)),),
        destroyed=3,
        epoch=4,
        acknowledged=tuple(
            Acknowledged(service=name, position=100 + at, rows=at) for at, name in enumerate(SERVICES)
        ),
        ordered_at=ORDERED_AT,
        complete_at=ORDERED_AT + timedelta(seconds=2),
    ),
    AssignmentsForgot(**_forgot({"children": 1, "support_requests": 1}, ORDERED_AT)),
    AuditForgot(**_forgot({}, ORDERED_AT)),
    NotificationsForgot(**_forgot({"children": 1, "recipients": 1}, ORDERED_AT)),
    SessionsForgot(**_forgot({"children": 1}, ORDERED_AT)),
    TrainingForgot(**_forgot({}, ORDERED_AT)),
)
