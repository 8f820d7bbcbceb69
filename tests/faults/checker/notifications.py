"""Notifications: who should hear hears once, by mail too, and nobody hears of nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

# What is announced, and whether coordinators and the mentor in question hear of it.
ANNOUNCED = {
    "assignments.SupportRequestReceived.v1": (True, False),
    "assignments.MentorOffered.v1": (True, True),
    "assignments.MentorAssigned.v1": (True, True),
    "assignments.AssignmentEnded.v1": (True, True),
    "sessions.RoleBoundaryBreached.v1": (True, False),
    "sessions.SessionCancelled.v1": (True, True),
    "training.MentorStoodDown.v1": (True, True),
    "training.CertificationExpired.v1": (False, True),
}


def who_should_hear_hears_once(evidence: Evidence) -> Iterator[Finding]:
    """One notification for each announced fact and recipient: not none, not two, and none for nothing."""
    if "notifications" not in evidence.stores:
        return
    requested = evidence.of("notifications.NotificationRequested")
    told = Counter((fact.data["cause"], fact.data["recipient_id"]) for fact in requested)
    for fact in requested:
        cause = evidence.by_id.get(fact.data["cause"])
        if cause is None or cause.topic not in ANNOUNCED:
            yield Finding("notification_without_cause", "notifications", f"{fact.position}: {fact.cause}")
    registered = evidence.of("notifications.RecipientRegistered")
    for service, kept in evidence.stores.items():
        parked = evidence.stores["notifications"].parked_at("tell", service)
        for fact in kept.facts:
            if fact.topic not in ANNOUNCED or fact.position in parked:
                continue
            for recipient in _hearers(fact, registered):
                count = told[fact.id, recipient]
                if count != 1:
                    name = "notification_twice" if count else "notification_missing"
                    where = f"{fact.topic} at {fact.position} to {recipient}: {count} times"
                    yield Finding(name, "notifications", where)


def _hearers(fact: Stored, registered: list[Stored]) -> Iterator[str]:
    coordinators, mentor = ANNOUNCED[fact.topic]
    for recipient in registered:
        role = recipient.data["role"]
        known = datetime.fromisoformat(recipient.time) < datetime.fromisoformat(fact.time)
        if (coordinators and role == "coordinator" and known) or (
            mentor and role == "mentor" and recipient.data["mentor_id"] == fact.data["mentor_id"]
        ):
            yield str(recipient.data["recipient_id"])


def what_was_requested_is_sent(evidence: Evidence) -> Iterator[Finding]:
    """Each channel took it, or waits for a time that is kept, or has given up; a mail sent is a mail kept."""
    if "notifications" not in evidence.stores:
        return
    outcomes: dict[tuple[str, str], list[Stored]] = defaultdict(list)
    for kind in ("Sent", "Failed"):
        for fact in evidence.of(f"notifications.Notification{kind}"):
            outcomes[fact.data["notification_id"], fact.data["channel"]].append(fact)
    waiting = {row["key"] for row in evidence.stores["notifications"].due}
    arrived = {mail.message_id.partition("@")[0] for mail in evidence.mails}
    for requested in evidence.of("notifications.NotificationRequested"):
        notification_id = requested.data["notification_id"]
        for channel in requested.data["channels"]:
            found = outcomes[notification_id, channel]
            sent = [fact for fact in found if "Sent" in fact.topic]
            where = f"{notification_id} by {channel}"
            if len(sent) > 1:
                yield Finding(
                    "effect_twice", "notifications", f"{where} is recorded as sent {len(sent)} times"
                )
            last = max(found, key=lambda fact: fact.position, default=None)
            given_up = last is not None and last.data.get("retry_at", "") is None
            if not sent and not given_up and f"{notification_id}:{channel}" not in waiting:
                yield Finding("notification_not_sent", "notifications", where)
            if sent and channel == "email" and notification_id not in arrived:
                yield Finding("mail_missing", "notifications", where)


def no_mail_without_a_cause(evidence: Evidence) -> Iterator[Finding]:
    """Each mail is one requested, under the one id that is its, to the address of its recipient."""
    if "notifications" not in evidence.stores:
        return
    requested = {
        fact.data["notification_id"]: fact for fact in evidence.of("notifications.NotificationRequested")
    }
    addresses: dict[str, set[str]] = defaultdict(set)
    for kind in ("RecipientRegistered", "RecipientDetailsChanged"):
        for fact in evidence.of(f"notifications.{kind}"):
            addresses[fact.data["recipient_id"]].add(fact.data["email"])
    ids: dict[str, set[str]] = defaultdict(set)
    for mail in evidence.mails:
        notification_id = mail.message_id.partition("@")[0]
        ids[notification_id].add(mail.message_id)
        found = requested.get(notification_id)
        if found is None or "email" not in found.data["channels"]:
            yield Finding("mail_without_cause", "notifications", f"{mail.file}: {mail.message_id}")
        elif not set(mail.to) <= addresses[found.data["recipient_id"]]:
            yield Finding("mail_to_somebody_else", "notifications", mail.file)
    for notification_id, several in ids.items():
        if len(several) > 1:
            yield Finding("mail_with_two_ids", "notifications", f"{notification_id}: {sorted(several)}")
