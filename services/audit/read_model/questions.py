"""What auditors ask, each answered from the ledger alone: as of a day, and as known at a moment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from services.audit.read_model.asked import Kinds
from services.audit.read_model.evidence import Evidence
from services.audit.replay import alerts, cleared, contact, delivered, primaries, standing_then
from services.audit.replay.standing_then import Standings
from shared.contracts.assignments.school import SchoolDetailsChanged, SchoolRegistered
from shared.contracts.eligibility import Item
from shared.contracts.notifications.recipient import RecipientDetailsChanged, RecipientRegistered
from shared.contracts.sessions.calendar import CalendarPublished
from shared.contracts.sessions.session import SessionStarted
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionReturned
from shared.contracts.sessions.session_log import RoleBoundaryBreached, SessionLogged

__all__ = ["Evidence", "Span"]


@dataclass(frozen=True, slots=True)
class Span:
    """The days [since, until) asked about, and whose: a child, a mentor, a school, or everybody (None)."""

    since: date
    until: date
    kind: str | None = None
    subject: UUID | None = None

    @property
    def begins_at(self) -> datetime:
        """No fact of these days is recorded before: a day earlier than UTC's, for schools far to the east."""
        return datetime.combine(self.since - timedelta(days=1), time(), UTC)


async def who_supported(asked: Evidence, child_id: UUID, on: date) -> dict[str, Any]:
    """1. Who supported the child on that day, and were they in date for training and vetting on it?"""
    facts = await asked.about("child", [child_id], (*primaries.TYPES, *contact.TYPES))
    child, sessions = primaries.fold(facts), contact.fold(facts)
    there = child.there(on)
    mentors = list(
        {one.begun.mentor_id for one in there} | {one.planned.mentor_id for one in sessions if one.day == on}
    )
    standings = Standings.of(await asked.about("mentor", mentors, standing_then.TYPES))
    return {
        "child_id": str(child_id),
        "without_primary": child.gap(on),
        "mentors": [
            {
                "mentor_id": str(one.begun.mentor_id),
                "assignment_id": str(one.begun.assignment_id),
                "role": one.begun.role,
                "since": one.begun.effective_from.isoformat(),
                **standings.on(one.begun.mentor_id, on),
            }
            for one in there
        ],
        "sessions": contact.there_on(sessions, on, standings),
    }


async def delivered_by_ineligible(asked: Evidence, span: Span) -> dict[str, Any]:
    """2. Which sessions were delivered by somebody who, as is known now, was not eligible that day?"""
    sessions = await _sessions(asked, span, (SessionStarted,))
    mentors = list({one.planned.mentor_id for one in sessions})
    standings = Standings.of(await asked.about("mentor", mentors, standing_then.TYPES))
    return {"sessions": contact.delivered_by_ineligible(sessions, standings)}


async def cleared_on_evidence(asked: Evidence, mentor_id: UUID, on: date) -> dict[str, Any]:
    """3. On what evidence was the mentor cleared, and who looked at it, when?"""
    facts = await asked.about("mentor", [mentor_id], cleared.TYPES)
    facts += await asked.about("mentor_viewed", [mentor_id], cleared.TYPES)
    return cleared.evidence(mentor_id, facts, on)


async def late_or_amended(asked: Evidence, span: Span) -> dict[str, Any]:
    """4. Which logs were late, returned, amended or voided: before, after, by whom, why?"""
    kinds = (SessionLogged, SessionReturned, SessionAmended, SessionVoided)
    return {"sessions": contact.late_or_amended(await _sessions(asked, span, kinds))}


async def provision_delivered(asked: Evidence, child_id: UUID, since: date, until: date) -> dict[str, Any]:
    """5. Provision specified against delivered for the child in these days, with the reasons for the gap."""
    facts = await asked.about("child", [child_id], (*delivered.TYPES, *primaries.TYPES))
    told_of = delivered.fold(facts)
    # the school it was at last
    schools = [one.begun.school_id for one in told_of.primaries.supports.values()][-1:]
    told = [
        one.fact for one in await asked.about("school", schools, (SchoolRegistered, SchoolDetailsChanged))
    ]
    calendars = await asked.of_kinds((CalendarPublished,))
    keys = {"region": facts[-1].region if facts else ""}
    if told:
        keys |= {"local_authority": told[-1].local_authority, "school": str(told[-1].school_id)}
    days = delivered.school_days([one.fact for one in calendars], keys)
    return {"child_id": str(child_id), **delivered.gap(told_of, days, since, until)}


async def without_primary(asked: Evidence, child_id: UUID, since: date, until: date) -> dict[str, Any]:
    """6. Every period the child had no primary, and who covered."""
    child = primaries.fold(await asked.about("child", [child_id], primaries.TYPES))
    return {"child_id": str(child_id), "periods": primaries.without_primary(child, since, until)}


async def whole_class_use(asked: Evidence, span: Span) -> dict[str, Any]:
    """7. Any use of a mentor for a whole class?"""
    kinds = (RoleBoundaryBreached,)
    if span.kind is not None and span.subject is not None:
        facts = await asked.about(span.kind, [span.subject], kinds)
    else:
        facts = await asked.of_kinds(kinds, span.begins_at)
    return {
        "attempts": [
            {
                **one.fact.model_dump(mode="json"),
                "by": one.actor,
                "exact": f"/audit/facts/{one.source}/{one.position}",
            }
            for one in facts
            if span.since <= one.fact.attempted_at.date() < span.until
        ]
    }


async def alerts_before(asked: Evidence, mentor_id: UUID, item: Item) -> dict[str, Any]:
    """8. Which alerts fired before the item lapsed, who acknowledged, how long until somebody acted?"""
    found = alerts.alerts_before(await asked.about("mentor", [mentor_id], alerts.TYPES), item)
    kinds = (RecipientRegistered, RecipientDetailsChanged)
    known = await asked.about("recipient", list(alerts.recipients_of(found)), kinds)
    roles = {str(one.fact.recipient_id): one.fact.role for one in known}
    return {"mentor_id": str(mentor_id), "item": item, "lapses": found, "recipients": roles}


async def _sessions(asked: Evidence, span: Span, kinds: Kinds) -> list[contact.Session]:
    """The sessions of these days of which something of these kinds is on record, with all that tells of them."""
    if span.kind is not None and span.subject is not None:
        facts = await asked.about(span.kind, [span.subject], contact.TYPES)
    else:
        named = await asked.of_kinds(kinds, span.begins_at)
        streams = list({one.stream for one in named})
        facts = await asked.of_streams(streams, contact.TYPES)
    return [one for one in contact.fold(facts) if span.since <= one.day < span.until]
