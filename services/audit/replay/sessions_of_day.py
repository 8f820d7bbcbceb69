"""The sessions of one day and what became of each; whatever is of other days is passed over."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.contracts.fact import Fact
from shared.contracts.sessions.ladder import SessionMissed
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionVoided
from shared.contracts.sessions.session_log import SessionLogged

PLANS: tuple[type[Fact], ...] = (SessionScheduled, SessionRescheduled)
TYPES: tuple[type[Fact], ...] = (
    *PLANS,
    SessionStarted,
    SessionLogged,
    SessionCancelled,
    SessionMissed,
    SessionVoided,
)
_BECAME: dict[type[Fact], str] = {
    SessionStarted: "started",
    SessionLogged: "logged",
    SessionCancelled: "cancelled",
    SessionMissed: "missed",
    SessionVoided: "voided",
}


@dataclass
class Meeting:
    """One session: when and of whom, and the last that became of it."""

    starts_at: datetime
    time_zone: str
    child_id: UUID
    mentor_id: UUID
    became: str = "planned"

    @property
    def day(self) -> date:
        """The day at the school."""
        return self.starts_at.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass
class SessionsOfDay:
    """Takes in facts of sessions in the order of recording. Keeps those that were ever planned near the day."""

    day: date
    found: dict[UUID, Meeting] = field(default_factory=dict)

    def near(self, starts_at: datetime) -> bool:
        """Whether the session may be of that day somewhere on earth."""
        return abs((starts_at.date() - self.day).days) <= 1

    def take(self, fact: Fact) -> None:
        """Fold in a fact; a session that is moved here from another day comes with all that is asked of it."""
        match fact:
            case SessionScheduled() | SessionRescheduled():
                known = self.found.get(fact.session_id)
                if known is None and not self.near(fact.starts_at):
                    return
                self.found[fact.session_id] = Meeting(
                    fact.starts_at, fact.time_zone, fact.child_id, fact.mentor_id
                )
            case (
                SessionStarted(session_id=one)
                | SessionLogged(session_id=one)
                | SessionCancelled(session_id=one)
                | SessionMissed(session_id=one)
                | SessionVoided(session_id=one)
            ) if one in self.found:
                self.found[one].became = _BECAME[type(fact)]
            case _:
                pass

    def listed(self) -> list[dict[str, Any]]:
        """The sessions of the day by their begin."""
        of_day = [
            (one.starts_at, session_id, one) for session_id, one in self.found.items() if one.day == self.day
        ]
        return [
            {
                "session_id": str(session_id),
                "starts_at": starts_at.isoformat(),
                "child_id": str(one.child_id),
                "mentor_id": str(one.mentor_id),
                "became": one.became,
            }
            for starts_at, session_id, one in sorted(of_day, key=lambda found: found[:2])
        ]


def counted(listed: list[dict[str, Any]]) -> dict[str, int]:
    """How many sessions there were, by what became of them."""
    return {"all": len(listed), **dict(sorted(Counter(one["became"] for one in listed).items()))}
