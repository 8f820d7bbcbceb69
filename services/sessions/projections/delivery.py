"""Facts in, rows out: everything that a child's provision and its delivery are reckoned from."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
)
from shared.contracts.assignments.child import (
    ChildExited,
    ChildPaused,
    ChildReopened,
    ChildResumed,
    ProvisionSpecified,
)
from shared.contracts.fact import contract_of
from shared.contracts.sessions.ladder import SessionMissed
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionApproved
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

OfChild: TypeAlias = (
    ProvisionSpecified
    | MentorAssigned
    | AssignmentPaused
    | AssignmentResumed
    | AssignmentEnded
    | ChildPaused
    | ChildResumed
    | ChildExited
    | ChildReopened
    | SessionScheduled
    | SessionRescheduled
    | SessionStarted
    | SessionLogged
    | SessionApproved
    | SessionAmended
    | SessionVoided
    | SessionCancelled
    | SessionMissed
)
# Times and numbers alone: nothing personal is kept here, so nothing has to be erased here.
_KEPT = {
    "assignment_id", "cancelled_by", "child_id", "contact_minutes", "effective_from", "effective_until",
    "ended_on", "ends_at", "exited_on", "mentor_id", "minutes_per_week", "paused_from", "reopened_on",
    "resumed_on", "role", "school_id", "session_id", "starts_at", "time_zone",
}  # fmt: skip


def child_history(recorded: Recorded[OfChild]) -> Iterator[Row]:
    """Each fact of a child's support as it came, so that any moment's knowledge can be asked for."""
    fact = recorded.fact
    contract = contract_of(fact)
    kept = {name for name in _KEPT & set(type(fact).model_fields) if name not in contract.personal}
    if isinstance(fact, SessionCancelled):
        kept.add("reason")
    yield Put(
        "child_history",
        {"source": recorded.source, "position": recorded.position},
        {
            "child_id": fact.child_id,
            "recorded_at": recorded.recorded_at,
            "fact": contract.name,
            "told": fact.model_dump(mode="json", include=kept),
        },
    )
