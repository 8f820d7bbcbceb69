"""Who hears of what, by which ways, how urgently: one readable table, from which docs/notifications.md is made."""

from collections.abc import Mapping

from services.notifications.domain.catalogue.entry import Acknowledgement, Entry
from services.notifications.domain.catalogue.safety import SAFETY, SYSTEM
from services.notifications.domain.catalogue.sessions import SESSIONS
from services.notifications.domain.catalogue.support import COVER, SUPPORT
from services.notifications.domain.catalogue.training import TRAINING
from shared.contracts.words.telling import NotificationType

__all__ = ["CATALOGUE", "Acknowledgement", "Entry"]

CATALOGUE: Mapping[NotificationType, Entry] = {
    found.type: found for found in (*SUPPORT, *SESSIONS, *COVER, *TRAINING, *SAFETY, *SYSTEM)
}
