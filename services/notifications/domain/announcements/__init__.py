"""What people are told because of each fact: the type, about whom, and the plain values of the text."""

from collections.abc import Callable
from typing import Any, TypeAlias, get_args

from services.notifications.domain.announcements.announcement import Announcement
from services.notifications.domain.announcements.cover import CoverFact, said_of_cover
from services.notifications.domain.announcements.own import OwnFact, said_of_own
from services.notifications.domain.announcements.safety import SafetyFact, said_of_safety
from services.notifications.domain.announcements.sessions import SessionFact, said_of_sessions
from services.notifications.domain.announcements.support import SupportFact, said_of_support
from services.notifications.domain.announcements.training import TrainingFact, said_of_training
from shared.contracts.fact import Fact

__all__ = ["ANNOUNCED", "Announced", "Announcement", "announcement"]

Announced: TypeAlias = SupportFact | CoverFact | SessionFact | TrainingFact | SafetyFact | OwnFact
ANNOUNCED: tuple[type[Fact], ...] = get_args(Announced)
_SAY: dict[type[Fact], Callable[[Any], Announcement]] = {
    of: say
    for facts, say in (
        (SupportFact, said_of_support),
        (CoverFact, said_of_cover),
        (SessionFact, said_of_sessions),
        (TrainingFact, said_of_training),
        (SafetyFact, said_of_safety),
        (OwnFact, said_of_own),
    )
    for of in get_args(facts)
}


def announcement(fact: Announced) -> Announcement:
    """What is said because of this fact."""
    return _SAY[type(fact)](fact)
