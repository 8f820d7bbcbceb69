"""An independent examination of a system at rest: SQL and raw NATS reads, and no code of the application."""

from tests.faults.checker.evidence import Evidence, Place, gather
from tests.faults.checker.finding import Finding
from tests.faults.checker.rules import check

__all__ = ["Evidence", "Finding", "Place", "check", "gather"]
