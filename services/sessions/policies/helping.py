"""Logs in, the question whether help in passing has become a pattern out."""

from collections.abc import Iterator, Sequence

from services.sessions.domain.incidental_help import FindPattern, Helped, incidental_help, stream_of
from shared.contracts.sessions.session_amendment import SessionAmended
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded


def look_for_pattern(
    recorded: Recorded[SessionLogged | SessionAmended], helped: Sequence[Helped]
) -> Iterator[Issue]:
    """Look at the mentor's sessions with help in passing, now that one more is on record."""
    fact = recorded.fact
    if fact.incidental_help:
        command = FindPattern(fact.mentor_id, tuple(helped), recorded.recorded_at)
        yield Issue(incidental_help, stream_of(fact.mentor_id), command)
