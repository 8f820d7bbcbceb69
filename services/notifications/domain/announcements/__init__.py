"""What people are told because of each fact: the type, about whom, and the plain values of the text."""

from typing import TypeAlias, get_args

from services.notifications.domain.announcements.announcement import Announcement
from services.notifications.domain.announcements.sessions import SessionFact, said_of_sessions
from services.notifications.domain.announcements.support import SupportFact, said_of_support
from services.notifications.domain.announcements.training import TrainingFact, said_of_training

__all__ = ["Announced", "Announcement", "announcement"]

Announced: TypeAlias = SupportFact | SessionFact | TrainingFact


def announcement(fact: Announced) -> Announcement:
    """What is said because of this fact."""
    if isinstance(fact, get_args(SupportFact)):
        return said_of_support(fact)  # type: ignore[arg-type]
    if isinstance(fact, get_args(SessionFact)):
        return said_of_sessions(fact)  # type: ignore[arg-type]
    return said_of_training(fact)  # type: ignore[arg-type]
