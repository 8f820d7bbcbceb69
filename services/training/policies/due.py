"""Due times in, commands out: their time is the row's."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from services.training.domain.certifications import ExpireCertification
from services.training.domain.clearances import LapseClearance
from services.training.domain.compliance import Command, Review, compliance, compliance_of
from services.training.domain.enrolment import enrolment
from services.training.domain.enrolment_commands import MarkOverdue
from services.training.domain.ladder import OpenWindow, TellExpiring, TellOverdue, TellRecheck
from services.training.projections import falling_due as kinds
from shared.kernel.projection import DueAction, DueRow, Issue


def expire(row: DueRow) -> Issue:
    """A certification's last day is over."""
    return _for_mentor(row, ExpireCertification(_certification(row), _on(row)))


def review(row: DueRow) -> Issue:
    """A certification that was granted ahead begins to count."""
    return _for_mentor(row, Review(_on(row)))


def open_window(row: DueRow) -> Issue:
    """A certification may be renewed."""
    return _for_mentor(row, OpenWindow(_certification(row), _on(row)))


def overdue(row: DueRow) -> Issue:
    """A certification should have been renewed."""
    return _for_mentor(row, TellOverdue(_certification(row), _on(row)))


def expiring(row: DueRow) -> Issue:
    """A rung of a certification's ladder."""
    return _for_mentor(row, TellExpiring(_certification(row), row.payload["days_left"], _on(row)))


def recheck(row: DueRow) -> Issue:
    """A rung of a clearance's ladder."""
    issued_on = date.fromisoformat(row.payload["issued_on"])
    command = TellRecheck(row.payload["kind"], issued_on, row.payload["days_left"], _on(row))
    return _for_mentor(row, command)


def lapse(row: DueRow) -> Issue:
    """A clearance's last day is over."""
    return _for_mentor(row, LapseClearance(row.payload["kind"], _on(row)))


def not_done(row: DueRow) -> Issue:
    """The last day of an enrolment is over."""
    return Issue(enrolment, UUID(row.payload["enrolment_id"]), MarkOverdue(_on(row)))


DUE: Mapping[str, DueAction] = {
    kinds.CERTIFICATION_EXPIRY: expire,
    kinds.CERTIFICATION_START: review,
    kinds.CERTIFICATION_WINDOW: open_window,
    kinds.CERTIFICATION_OVERDUE: overdue,
    kinds.CERTIFICATION_LADDER: expiring,
    kinds.CLEARANCE_LADDER: recheck,
    kinds.CLEARANCE_LAPSE: lapse,
    kinds.TRAINING_OVERDUE: not_done,
}


def _for_mentor(row: DueRow, command: Command) -> Issue:
    return Issue(compliance, compliance_of(UUID(row.payload["mentor_id"])), command)


def _certification(row: DueRow) -> UUID:
    return UUID(row.payload["certification_id"])


def _on(row: DueRow) -> date:
    return row.due_at.date()
