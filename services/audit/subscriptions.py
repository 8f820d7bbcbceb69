"""Audit listens to everything that every service publishes."""

from services.audit.projections import ledger, supports
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned
from shared.kernel.projection import Projection, RawProjection

# its own too: whoever was shown something here is on record as well
SOURCES = frozenset({"assignments", "sessions", "training", "notifications", "audit"})

PROJECTIONS = (
    RawProjection("ledger", (), ("facts", "concerns"), SOURCES, ledger),
    Projection("supports", (MentorAssigned, AssignmentEnded), ("supports",), supports),
)
