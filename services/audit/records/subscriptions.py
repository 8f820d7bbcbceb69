"""What the records office listens to."""

from typing import get_args

from services.audit.records.destroying import destroying
from services.audit.records.policies import certify, retention_ends
from services.audit.records.projections import (
    RETENTION_ENDS,
    CaseFact,
    HoldFact,
    PeopleFact,
    erasures,
    gone,
    holds,
    retention,
)
from services.audit.records.reading import to_certify
from shared.contracts.assignments.child import ChildReopened
from shared.contracts.assignments.forgotten import SubjectForgotten as AssignmentsForgot
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.audit.erasure import ErasureDecided, ErasureOrdered, KeysDestroyed
from shared.contracts.audit.forgotten import SubjectForgotten as AuditForgot
from shared.contracts.notifications.forgotten import SubjectForgotten as NotificationsForgot
from shared.contracts.sessions.forgotten import SubjectForgotten as SessionsForgot
from shared.contracts.training.forgotten import SubjectForgotten as TrainingForgot
from shared.kernel.projection import NO_CLASS, InnerEffect, Policy, Projection, unbound

FORGOT = (AssignmentsForgot, AuditForgot, NotificationsForgot, SessionsForgot, TrainingForgot)

PROJECTIONS = (
    Projection(
        "erasures",
        (*get_args(CaseFact), *FORGOT),
        ("erasures", "erasure_approvals", "erasure_forgotten"),
        erasures,
    ),
    Projection("legal_holds", get_args(HoldFact), ("legal_holds",), holds),
    Projection("people_gone", get_args(PeopleFact), ("people_gone", "people_told"), gone, opens=NO_CLASS),
    Projection(
        "retention", (ErasureDecided, ChildReopened, MentorEngaged), ("due",), retention, opens=NO_CLASS
    ),
)
POLICIES = (Policy("certify", (KeysDestroyed, *FORGOT), certify, to_certify),)
EFFECTS = (InnerEffect("destroy_keys", (ErasureOrdered,), unbound, within=destroying),)
DUE = {RETENTION_ENDS: retention_ends}
