"""Help to other pupils in passing, seen over weeks: when it is no longer in passing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from shared.contracts.sessions.session_log import IncidentalHelpPatternFound
from shared.kernel.decider import Decider

# Policy values: so many sessions of one mentor within so long are a pattern.
PATTERN = 5
WITHIN = timedelta(days=28)

_NAMESPACE = UUID("8f6d4c6e-6a3e-5b44-9a4e-2f6f4e0c7a51")


@dataclass(frozen=True, slots=True)
class Helped:
    """A session in which the mentor helped another pupil in passing, and when it began."""

    session_id: UUID
    child_id: UUID
    school_id: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class FindPattern:
    """Look at these sessions of the mentor, the ones with incidental help, in the order of their begin."""

    mentor_id: UUID
    helped: tuple[Helped, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """Up to which begin of a session the help is part of a pattern that was found."""

    until: datetime | None = None


def decide(state: Watched, command: FindPattern) -> Sequence[IncidentalHelpPatternFound]:
    """A pattern is found once: the sessions that make it up count towards no other."""
    new = [one for one in command.helped if state.until is None or one.starts_at > state.until]
    if not new:
        return ()
    last = new[-1]
    together = [one for one in new if last.starts_at - one.starts_at < WITHIN]
    if len(together) < PATTERN:
        return ()
    found = IncidentalHelpPatternFound(
        mentor_id=command.mentor_id,
        child_id=last.child_id,
        school_id=last.school_id,
        count=len(together),
        since=together[0].starts_at,
        last_at=last.starts_at,
        found_at=command.at,
    )
    return (found,)


def evolve(state: Watched, fact: IncidentalHelpPatternFound) -> Watched:
    return Watched(fact.last_at)


def stream_of(mentor_id: UUID) -> UUID:
    """The stream in which the patterns of this mentor are found."""
    return uuid5(_NAMESPACE, str(mentor_id))


incidental_help: Decider[Watched, FindPattern] = Decider("incidental_help", Watched(), decide, evolve)
