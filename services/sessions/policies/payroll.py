"""Facts in, locks out: what a closed pay period has counted in is final."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from services.sessions.domain.log_commands import Lock
from services.sessions.domain.session import session
from shared.contracts.sessions.pay_period import PayPeriodClosed
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


def lock(recorded: Recorded[PayPeriodClosed], approved: Iterable[UUID]) -> Iterator[Issue]:
    """The approved sessions of a period that was closed are locked: from here on they are amended."""
    closed = recorded.fact
    for session_id in approved:
        yield Issue(session, session_id, Lock(closed.period_id, at=closed.closed_at))
