"""Which roles hear of something, and when nobody needs to."""

from collections.abc import Iterable
from datetime import date

from services.notifications.domain.announcements import Announcement
from services.notifications.domain.catalogue import CATALOGUE
from shared.contracts.words.telling import NotificationType, RecipientRole

OF_WHO_WORKS_HERE: frozenset[NotificationType] = frozenset((
    "training_window_open", "training_due", "training_overdue",
    "certification_expiring", "certification_overdue", "certification_expired",
    "clearance_expiring", "clearance_lapsed", "deployability_lost",
))  # fmt: skip
"""What comes about by the passing of time, and matters of mentors who work here."""

LAST_RESORT: tuple[RecipientRole, ...] = ("manager", "operator")
"""Who hears, the first that is there, when what nobody acknowledged would be passed on to a role without anybody."""


def may_hear(said: Announcement) -> frozenset[RecipientRole]:
    """The roles that hear of it, whoever is there: what `audience` chooses from."""
    if said.only_role is not None:
        return frozenset({said.only_role, *_instead(said)})
    entry = CATALOGUE[said.type]
    of_step = entry.audience.get(said.step, frozenset())
    return of_step | {entry.acknowledgement.then} if entry.acknowledgement else of_step


def needless(said: Announcement, left_on: date | None, on: date) -> bool:
    """Whether it is only that time runs out for a mentor who has left: nobody can or should renew that."""
    return said.type in OF_WHO_WORKS_HERE and left_on is not None and left_on <= on


def audience(said: Announcement, roles: Iterable[RecipientRole]) -> frozenset[RecipientRole]:
    """The roles that hear of it. Where nobody is there to acknowledge it, the next role hears at once."""
    there = set(roles)
    if said.only_role is not None:
        instead = (role for role in _instead(said) if role in there)
        heard = said.only_role if said.only_role in there else next(instead, said.only_role)
        return frozenset({heard})
    entry = CATALOGUE[said.type]
    of_step = entry.audience.get(said.step, frozenset())
    wanted = entry.acknowledgement
    if wanted is not None and wanted.by in of_step and wanted.by not in there:
        return of_step | {wanted.then}
    return of_step


def _instead(said: Announcement) -> tuple[RecipientRole, ...]:
    """A concern is for designated safeguarding leads, or for nobody."""
    return () if said.type == "safeguarding_concern" else LAST_RESORT
