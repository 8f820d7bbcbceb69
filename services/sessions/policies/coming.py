"""Facts in, cancellations of coming sessions out: whoever may not be with the child does not come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.sessions.domain.commands import Cancel
from services.sessions.domain.permission import Support, check_assigned, check_deployable, school_day
from services.sessions.domain.session import session
from shared.contracts.assignments.assignment import AssignmentEnded
from shared.contracts.eligibility import Evidence
from shared.contracts.sessions.session import SessionScheduled
from shared.contracts.training.standing import MentorStoodDown
from shared.contracts.words.sessions import CancelReason
from shared.kernel.decider import Refused
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Known:
    """What the read model knows of the mentor of a session."""

    support: Support | None
    evidence: tuple[Evidence, ...]


def stand_down(recorded: Recorded[MentorStoodDown], coming: Iterable[UUID]) -> Iterator[Issue]:
    """The coming sessions of a mentor who is stood down do not take place; past ones stay as they are."""
    yield from _cancel(coming, "mentor_stood_down", recorded.recorded_at)


def end_support(recorded: Recorded[AssignmentEnded], coming: Iterable[UUID]) -> Iterator[Issue]:
    """No session takes place after its assignment."""
    yield from _cancel(coming, "assignment_ended", recorded.recorded_at)


def check_again(recorded: Recorded[SessionScheduled], known: Known) -> Iterator[Issue]:
    """A session that was scheduled while news of an end or a stand-down was on its way is cancelled too."""
    planned = recorded.fact
    try:
        day = school_day(planned.starts_at, planned.time_zone)
        check_assigned(known.support, planned.mentor_id, planned.child_id, day)
        check_deployable(known.evidence, school_day(recorded.recorded_at, planned.time_zone))
    except Refused as refused:
        unassigned = refused.code == "no_active_assignment"
        reason: CancelReason = "assignment_ended" if unassigned else "mentor_stood_down"
        yield from _cancel((planned.session_id,), reason, recorded.recorded_at)


def _cancel(sessions: Iterable[UUID], reason: CancelReason, at: datetime) -> Iterator[Issue]:
    for session_id in sessions:
        yield Issue(session, session_id, Cancel("agency", reason, chargeable=False, at=at))
