"""Who can be told something, and what they are told because of what happens: requested, sent, read, acknowledged."""

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.metadata import entry_points
from typing import Any
from uuid import UUID

from deploy.seed import derived
from deploy.seed.history import Cause, Fields, Held, Life
from deploy.seed.part import Part
from deploy.seed.people import Child, Mentor, School
from deploy.seed.words import mailbox, person
from shared.contracts.fact import Fact
from shared.contracts.notifications.escalation import NotificationEscalated
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationRead,
    NotificationRequested,
    NotificationSent,
)
from shared.contracts.notifications.recipient import RecipientRegistered
from shared.contracts.words.telling import RecipientRole

DESKS: tuple[RecipientRole, ...] = ("coordinator", "trainer", "compliance", "manager", "dsl")


@cache
def _service() -> Any:
    """What the notifications service contributes: it alone knows who is told of what."""
    return entry_points(group="alongside.seeding")["notifications"].load()


def desks(part: Part) -> None:
    """One mailbox for each desk of the office hears of everything in the region."""
    for role in DESKS:
        name = f"{role.upper() if role == 'dsl' else role.capitalize()} desk"
        _register(part, part.agency.id("desk", role), role, name, f"{role}@agency.example", None)


def mentor_hears(part: Part, mentor: Mentor, because: Cause) -> None:
    """Whoever is engaged hears of their own work."""
    recipient = derived.recipient_of_mentor(mentor.mentor_id)
    _register(part, recipient, "mentor", mentor.name, mentor.email, because, mentor_id=mentor.mentor_id)


def parent_hears(part: Part, child: Child) -> None:
    name = f"{person(part.chance).split()[0]} {child.name.split()[-1]}"
    recipient = child.parent_recipient = part.new_id()
    _register(
        part,
        recipient,
        "parent",
        name,
        mailbox(name, part.chance.between(100, 999)),
        None,
        child_id=child.child_id,
    )


def school_hears(part: Part, school: School) -> None:
    recipient = school.recipient = part.new_id()
    name = f"Office of {school.name}"
    email = f"office.{str(school.school_id)[:8]}@school.example"
    _register(part, recipient, "school", name, email, None, school_id=school.school_id)


def _register(
    part: Part,
    recipient: UUID,
    role: RecipientRole,
    name: str,
    email: str,
    because: Cause | None,
    **link: Any,
) -> None:
    fact = RecipientRegistered(
        recipient_id=recipient, role=role, name=name, email=email, region=part.agency.region, **link
    )
    actor = "policy:register_mentor" if because else part.coordinator()
    part.record(recipient, fact, actor, because)
    purpose = (
        f"{role}|{link.get('mentor_id')}|{link.get('child_id')}|{link.get('school_id')}|{email.casefold()}"
    )
    key = f"recipient:{sha256(purpose.encode()).hexdigest()}"
    part.history.hold("notifications", recipient, Held(key, None, None, recipient))


def hears_of(fact: Fact) -> bool:
    """Whether anybody is told of facts like this."""
    return bool(_service().is_announced(fact))


def told(part: Part, fact: Fact, at: datetime, cause: Cause) -> Life:
    """Everybody who should hear of the fact does."""
    service = _service()
    whom = service.touched(fact)
    who = [service.Told(part.agency.id("desk", role), role) for role in DESKS]
    who += [service.Told(derived.recipient_of_mentor(one), "mentor") for one in whom.mentors]
    child = part.children.get(whom.child_id)
    mentor = part.by_id.get(whom.mentor_id)
    if child is None and mentor is not None and whom.child_id is None and mentor.support:
        child = mentor.support.child
    school = child.school if child else part.school_by_id.get(whom.school_id)
    if whom.about_child_only and child and child.support:
        who.append(service.Told(derived.recipient_of_mentor(child.support.mentor.mentor_id), "mentor"))
    if child and child.parent_recipient:
        who.append(service.Told(child.parent_recipient, "parent", child.child_id))
    if school and school.recipient:
        who.append(service.Told(school.recipient, "school"))
    yield part.now + timedelta(milliseconds=part.chance.between(60, 160))
    for requested in service.requested(fact, UUID(cause.id), at, who):
        part.begin(notification_life(part, requested, cause))


def notification_life(part: Part, requested: NotificationRequested, because: Cause) -> Life:
    """Requested, sent by each way, perhaps read; acknowledged, or the next role hears of it."""
    chance, stream = part.chance, requested.notification_id
    about: Fields = {
        "notification_id": stream,
        "recipient_id": requested.recipient_id,
        "child_id": requested.child_id,
        "mentor_id": requested.mentor_id,
    }
    first = part.record(stream, requested, "policy:tell", because)
    reads = requested.needs_acknowledgement or chance.of(0.1)
    ways = requested.channels
    for n, channel in enumerate(ways, start=1):
        yield part.now + timedelta(milliseconds=chance.between(30, 90) * (1 if channel == "in_app" else 9))
        sent = NotificationSent(**about, channel=channel, attempt=1, sent_at=part.now)
        part.record(stream, sent, f"effect:deliver_{channel}", first, last=not reads and n == len(ways))
    if not reads:
        return
    if requested.needs_acknowledgement:
        yield from _acknowledged(part, requested, about, first)
        return
    yield part.now + chance.minutes(20, 600)
    read = NotificationRead(**about, read_at=part.now)
    part.record(stream, read, _reader(requested), first, last=True)


def _acknowledged(part: Part, requested: NotificationRequested, about: Fields, because: Cause) -> Life:
    chance, stream = part.chance, requested.notification_id
    assert requested.acknowledge_by is not None
    assert requested.escalates_to is not None
    if chance.of(0.06):
        yield requested.acknowledge_by + timedelta(milliseconds=120)
        escalated = NotificationEscalated(
            **about,
            type=requested.type,
            to_role=requested.escalates_to,
            parameters=requested.parameters,
            thread=requested.thread,
            alert_id=requested.alert_id,
            escalated_at=requested.acknowledge_by,
            session_id=requested.session_id,
        )
        part.record(stream, escalated, "due:notification_escalation", because)
        yield part.now + chance.minutes(5, 40)
    else:
        within = requested.acknowledge_by - part.now
        yield part.now + within * chance.random.random() * 0.9
    done = NotificationAcknowledged(**about, acknowledged_at=part.now, alert_id=requested.alert_id)
    part.record(stream, done, _reader(requested), because, last=True)


def _reader(requested: NotificationRequested) -> str:
    return f"recipient:{requested.recipient_id}"
