"""Facts in, rows out: the sessions of calendars, each with the number of its changes; and who may read which."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from shared.contracts.notifications.calendar import CalendarLinkIssued
from shared.contracts.sessions.session import SessionCancelled, SessionRescheduled, SessionScheduled
from shared.contracts.sessions.session_amendment import SessionVoided
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Add, Put, Row

PlanFact: TypeAlias = SessionScheduled | SessionRescheduled | SessionCancelled | SessionVoided


def calendar(recorded: Recorded[PlanFact]) -> Iterator[Row]:
    """A session as calendars show it. SEQUENCE (RFC 5545) is how often it changed since it was planned."""
    fact = recorded.fact
    values: dict[str, Any] = {"changed_at": recorded.recorded_at}
    if isinstance(fact, SessionVoided):
        values["cancelled"] = True
    else:
        values |= {
            name: getattr(fact, name)
            for name in ("mentor_id", "child_id", "school_id", "starts_at", "ends_at")
        }
        values["cancelled"] = isinstance(fact, SessionCancelled)
    if isinstance(fact, SessionScheduled | SessionRescheduled):
        values["time_zone"] = fact.time_zone
    if isinstance(fact, SessionScheduled):
        values["cover"] = fact.cover
    key = {"session_id": fact.session_id}
    yield Put("calendar", key, values)
    yield Add("calendar", key, {"sequence": 0 if isinstance(fact, SessionScheduled) else 1})


def calendar_links(recorded: Recorded[CalendarLinkIssued]) -> Iterator[Row]:
    """The one address at which a recipient's calendar can be read."""
    fact = recorded.fact
    values = {"digest": fact.digest, "issued_at": fact.issued_at}
    yield Put("calendar_links", {"recipient_id": fact.recipient_id}, values)
