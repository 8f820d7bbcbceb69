"""What a seeded history needs of this service: whom a fact touches, and what they would have been told."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.notifications.domain.announcements import ANNOUNCED, announcement
from services.notifications.domain.audience import audience
from services.notifications.domain.planning import Hearer, Occasion, plan
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import NotificationRequested
from shared.contracts.words.telling import RecipientRole

_ANNOUNCED = frozenset(ANNOUNCED)


class Touched(NamedTuple):
    """Whom a fact is about. `mentors` hear of it as mentors."""

    child_id: UUID | None
    mentor_id: UUID | None
    school_id: UUID | None
    mentors: tuple[UUID, ...]
    about_child_only: bool


class Told(NamedTuple):
    """A recipient by their id, role and, of a parent, the child on whose account they hear."""

    recipient_id: UUID
    role: RecipientRole
    child_id: UUID | None = None


def is_announced(fact: Fact) -> bool:
    """Whether anybody is told because of facts like this."""
    return type(fact) in _ANNOUNCED


def touched(fact: Fact) -> Touched:
    """Whom an announced fact is about."""
    said = announcement(fact)  # type: ignore[arg-type]
    only = said.child_id is not None and said.mentor_id is None and said.mentors is None
    return Touched(said.child_id, said.mentor_id, said.school_id, said.told_mentors, only)


def requested(fact: Fact, cause: UUID, at: datetime, told: Iterable[Told]) -> Iterator[NotificationRequested]:
    """What these people would have been told because of the fact, had the service run at that time.

    They chose nothing and have no phone, and were told nothing of the matter before that waits to go out.
    """
    said = announcement(fact)  # type: ignore[arg-type]
    hearers = {one.recipient_id: one for one in told}
    roles = audience(said, (one.role for one in hearers.values()))
    for recipient_id in sorted(hearers):
        one = hearers[recipient_id]
        if one.role in roles:
            hearer = Hearer(one.recipient_id, one.role, child_id=one.child_id)
            planned = plan(said, hearer, Occasion(cause, at, at), ())
            if planned.suppress is None:
                yield planned.requested
