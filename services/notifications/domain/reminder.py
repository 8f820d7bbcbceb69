"""A time at which somebody is to be reminded of something, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from shared.contracts.notifications.escalation import ReminderDue
from shared.kernel.decider import Decider

_REMINDERS = UUID("5d0c4a86-1f3e-5a7b-8e1d-2b9a6c7f0d43")

SESSION_AHEAD = timedelta(hours=15)
"""A session at nine is brought to mind at six in the evening before."""
TRAINING_AHEAD = timedelta(days=7)
LOG_AHEAD = timedelta(hours=12)
"""A log is due 24 hours after the session's end; half of them are left."""


def reminder_of(type: str, thread: str, due_at: str) -> UUID:
    """The reminder of this matter for this time: derived, so it exists once."""
    return uuid5(_REMINDERS, f"{type}:{thread}:{due_at}")


@dataclass(frozen=True, slots=True)
class Remind:
    """The time has come."""

    due: ReminderDue


def decide(reminded: bool, command: Remind) -> Sequence[ReminderDue]:
    return () if reminded else (command.due,)


def evolve(reminded: bool, fact: ReminderDue) -> bool:
    return True


reminder: Decider[bool, Remind] = Decider("reminder", False, decide, evolve)
