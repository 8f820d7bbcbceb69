"""Facts of the other services in, commands of ours out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from services.notifications.domain.announcements import Announced, Announcement, announcement
from services.notifications.domain.catalogue import CATALOGUE
from services.notifications.domain.notification import (
    RequestNotification,
    Retry,
    notification,
    notification_of,
)
from services.notifications.domain.recipient import Register, recipient, recipient_of_mentor
from shared.contracts.assignments.mentor import MentorEngaged
from shared.contracts.notifications.notification import NotificationRequested
from shared.contracts.words.telling import RecipientRole
from shared.kernel.projection import DueRow, Issue
from shared.kernel.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Hearer:
    """A recipient whom a fact may touch: by region, or by being linked to its child, mentor or school."""

    recipient_id: UUID
    role: RecipientRole


def tell(recorded: Recorded[Announced], hearers: Iterable[Hearer]) -> Iterator[Issue]:
    """Each of them who should hear of this gets one notification, and never a second."""
    said = announcement(recorded.fact)
    audience = CATALOGUE[said.type].audience[said.step]
    told = {hearer.recipient_id for hearer in hearers if hearer.role in audience}
    if "mentor" in audience:
        # known from the id alone: so a mentor engaged a moment ago is not missed
        told.update(recipient_of_mentor(mentor_id) for mentor_id in said.told_mentors)
    for recipient_id in sorted(told):
        yield _request(recorded, said, recipient_id)


def _request(recorded: Recorded[Announced], said: Announcement, recipient_id: UUID) -> Issue:
    stream = notification_of(recorded.id, recipient_id, said.type)
    requested = NotificationRequested(
        notification_id=stream,
        recipient_id=recipient_id,
        type=said.type,
        category=CATALOGUE[said.type].category,
        urgent=CATALOGUE[said.type].urgent if said.urgent is None else said.urgent,
        parameters=said.parameters,
        deduplication_key=said.deduplication_key,
        thread=said.thread,
        channels=("in_app", "email"),
        cause=recorded.id,
        requested_at=recorded.recorded_at,
        child_id=said.child_id,
        mentor_id=said.mentor_id,
        session_id=said.session_id,
    )
    return Issue(notification, stream, RequestNotification(requested))


def register_mentor(recorded: Recorded[MentorEngaged], _: None) -> Iterator[Issue]:
    """Whoever is engaged as a mentor hears of their own work from then on."""
    engaged = recorded.fact
    stream = recipient_of_mentor(engaged.mentor_id)
    yield Issue(
        recipient,
        stream,
        Register(
            recipient_id=stream,
            role="mentor",
            name=engaged.name,
            email=engaged.email,
            region=recorded.region,
            mentor_id=engaged.mentor_id,
        ),
    )


def retry(row: DueRow) -> Issue:
    """The wait after a failed attempt is over."""
    command = Retry(channel=row.payload["channel"], attempt=row.payload["attempt"], at=row.due_at)
    return Issue(notification, UUID(row.payload["notification_id"]), command)
