"""Sessions as they took place: who was with whom on which day, fit for it or not, logged in time or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.audit.replay.standing_then import Standings
from shared.contracts.fact import Fact
from shared.contracts.sessions.session import SessionRescheduled, SessionScheduled, SessionStarted
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionReturned
from shared.contracts.sessions.session_log import SessionLogged
from shared.kernel.recorded import Recorded

TYPES: tuple[type[Fact], ...] = (
    SessionScheduled,
    SessionRescheduled,
    SessionStarted,
    SessionLogged,
    SessionReturned,
    SessionAmended,
    SessionVoided,
)


@dataclass
class Session:
    """One session, with the facts of its log in the order of recording."""

    planned: SessionScheduled | SessionRescheduled
    started: Recorded[SessionStarted] | None = None
    log: list[Recorded[Any]] = field(default_factory=list)
    voided: bool = False

    @property
    def day(self) -> date:
        """The day at the school."""
        return self.planned.starts_at.astimezone(ZoneInfo(self.planned.time_zone)).date()

    def named(self) -> dict[str, Any]:
        """Which session it is."""
        return {
            "session_id": str(self.planned.session_id),
            "day": self.day.isoformat(),
            "mentor_id": str(self.planned.mentor_id),
            "child_id": str(self.planned.child_id),
            "school_id": str(self.planned.school_id),
        }


def fold(facts: Iterable[Recorded[Any]]) -> list[Session]:
    """The sessions in these facts, by their planned begin."""
    found: dict[UUID, Session] = {}
    for recorded in facts:
        match recorded.fact:
            case SessionScheduled() as planned:
                found[planned.session_id] = Session(planned)
            case SessionRescheduled(session_id=one) as moved if one in found:
                found[one].planned = moved
            case SessionStarted(session_id=one) if one in found:
                found[one].started = recorded
            case SessionLogged(session_id=one) | SessionReturned(session_id=one) if one in found:
                found[one].log.append(recorded)
            case SessionAmended(session_id=one) if one in found:
                found[one].log.append(recorded)
            case SessionVoided(session_id=one) if one in found:
                found[one].log.append(recorded)
                found[one].voided = True
            case _:
                pass
    return sorted(found.values(), key=lambda one: (one.planned.starts_at, one.planned.session_id))


def there_on(sessions: Iterable[Session], on: date, standings: Standings) -> list[dict[str, Any]]:
    """The sessions that began on that day: who was really with the child, whatever the assignments say."""
    return [
        {
            "session_id": str(session.planned.session_id),
            "mentor_id": str(session.planned.mentor_id),
            "began_at": session.started.fact.started_at.isoformat(),
            "in_date": standings.on(session.planned.mentor_id, on)["in_date"],
        }
        for session in sessions
        if session.started is not None and not session.voided and session.day == on
    ]


def delivered_by_ineligible(sessions: Iterable[Session], standings: Standings) -> list[dict[str, Any]]:
    """The sessions that began with a mentor who, by all that is on record now, lacked something on that day.

    `lacking_then` is what was known to be lacking when the session began: empty when it was found out later.
    """
    found = []
    for session in sessions:
        if session.started is None or session.voided:
            continue
        mentor_id = session.planned.mentor_id
        now = standings.on(mentor_id, session.day)
        if now["in_date"]:
            continue
        then = standings.on(mentor_id, session.day, session.started.recorded_at)
        found.append(
            {
                **session.named(),
                "lacking": now["lacking"],
                "lacking_then": then["lacking"],
                "found_later": bool(then["in_date"]),
            }
        )
    return found


def late_or_amended(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """Every log that came late, went back, or was changed: before, after, by whom, when and why."""
    found = []
    for session in sessions:
        changes = list(_changes(session.log))
        if changes:
            found.append({**session.named(), "changes": changes})
    return found


def _changes(log: Iterable[Recorded[Any]]) -> Iterator[dict[str, Any]]:
    """What is to be told of a log, each with the log as it was before and after."""
    before: dict[str, Any] | None = None
    returned = False
    for recorded in log:
        told = {"at": recorded.recorded_at.isoformat(), "by": recorded.actor}
        match recorded.fact:
            case SessionLogged() as handed_in:
                after = {
                    "contact_minutes": handed_in.contact_minutes,
                    "activities": list(handed_in.activities),
                }
                if handed_in.late or returned:
                    what, why = (
                        ("logged_late", handed_in.late_reason) if handed_in.late else ("logged_again", None)
                    )
                    yield {**told, "what": what, "before": before, "after": after, "why": why}
                before, returned = after, False
            case SessionReturned(reason=reason):
                returned = True
                yield {**told, "what": "returned", "before": before, "after": None, "why": reason}
            case SessionAmended() as amended:
                before = {"contact_minutes": amended.contact_minutes, "activities": list(amended.activities)}
                yield {
                    **told,
                    "what": "amended",
                    "before": {
                        "contact_minutes": amended.contact_minutes_before,
                        "activities": list(amended.activities_before),
                    },
                    "after": before,
                    "why": f"{amended.reason_code}: {amended.reason}",
                }
            case SessionVoided() as voided:
                gone = {"contact_minutes": voided.contact_minutes_before}
                why = f"{voided.reason_code}: {voided.reason}"
                yield {**told, "what": "voided", "before": gone, "after": None, "why": why}
            case _:
                pass
