"""Notifications: who should hear hears once, by mail too, and nobody hears of nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

# What is announced, and whether coordinators and the mentor in question hear of it; of what comes in steps,
# by the field that has the step.
ANNOUNCED = {
    "assignments.SupportRequestReceived.v1": (True, False),
    "assignments.MentorOffered.v1": (True, True),
    "assignments.MentorAssigned.v1": (True, True),
    "assignments.AssignmentEnded.v1": (True, True),
    "sessions.RoleBoundaryBreached.v1": (True, False),
    "sessions.SessionCancelled.v1": (True, True),
    "training.MentorStoodDown.v1": (True, True),
    "training.CertificationExpired.v1": (False, True),
    "training.CertificationGranted.v1": (False, True),
    "training.CertificationWindowOpened.v1": (False, True),
    "training.CertificationOverdue.v1": (True, True),
    "training.CertificationRevoked.v1": (True, True),
    "training.ClearanceLapsed.v1": (True, True),
    "training.ClearanceWithdrawn.v1": (True, False),
    "training.TrainingAssigned.v1": (False, True),
    "training.TrainingOverdue.v1": (True, True),
    "training.MentorCleared.v1": (True, True),
    "training.MentorSuspended.v1": (True, True),
    "sessions.SessionRescheduled.v1": (True, True),
    "sessions.SessionMissed.v1": (True, True),
    "sessions.SessionReturned.v1": (False, True),
    "assignments.AssignmentPaused.v1": (True, True),
    "assignments.HandoverBegun.v1": (True, True),
    "assignments.MentorAbsenceReported.v1": (True, False),
    "assignments.CoverAccepted.v1": (True, True),
    "assignments.CoverExpired.v1": (True, False),
    "notifications.ReminderDue.v1": (False, True),
}
STEPS = {
    "sessions.SessionOverdue.v1": ("minutes", {10: (False, True), 15: (True, False), 30: (True, False)}),
    "sessions.LogOverdue.v1": ("hours", {24: (False, True), 48: (True, True), 72: (True, True)}),
    "training.CertificationExpiring.v1": ("days_left", dict.fromkeys((30, 7, 0), (True, True))),
    "training.ClearanceExpiring.v1": ("days_left", dict.fromkeys((30, 7, 0), (True, True))),
}
# Of these it depends on more than who is told; a notification because of them has a cause all the same.
OTHERWISE = frozenset(
    f"{topic}.v1"
    for topic in (
        "assignments.InformationRequested",
        "assignments.SupportRequestWaitlisted",
        "assignments.SupportRequestDeclined",
        "assignments.PlanReviewDue",
        "assignments.RegionTransferRequested",
        "assignments.RegionTransferAccepted",
        "assignments.RegionTransferRejected",
        "assignments.ChildAbsenceReported",
        "assignments.CoverRequested",
        "assignments.CoverDeclined",
        "assignments.CoverGivenBack",
        "assignments.CoverPartiallyAccepted",
        "assignments.SafeguardingConcernRaised",
        "sessions.IncidentalHelpPatternFound",
        "notifications.NotificationEscalated",
        "notifications.DigestDue",
    )
)


def _announced(fact: Stored) -> tuple[bool, bool] | None:
    """Whether coordinators and the mentor hear of it; None when nobody in particular is expected to."""
    if fact.topic in STEPS:
        field, steps = STEPS[fact.topic]
        return steps.get(fact.data[field], (False, fact.topic.startswith("training.")))
    return ANNOUNCED.get(fact.topic)


def who_should_hear_hears_once(evidence: Evidence) -> Iterator[Finding]:
    """One notification for each announced fact and recipient: not none, not two, and none for nothing."""
    if "notifications" not in evidence.stores:
        return
    requested = evidence.of("notifications.NotificationRequested")
    told = Counter((fact.data["cause"], fact.data["recipient_id"]) for fact in requested)
    for fact in requested:
        cause = evidence.by_id.get(fact.data["cause"])
        if cause is None or cause.topic not in {*ANNOUNCED, *STEPS, *OTHERWISE}:
            yield Finding("notification_without_cause", "notifications", f"{fact.position}: {fact.cause}")
    registered = evidence.of("notifications.RecipientRegistered")
    for service, kept in evidence.stores.items():
        parked = evidence.stores["notifications"].parked_at("tell", service)
        for fact in kept.facts:
            announced = _announced(fact)
            if announced is None or fact.position in parked:
                continue
            for recipient in _hearers(fact, announced, registered):
                count = told[fact.id, recipient]
                if count != 1:
                    name = "notification_twice" if count else "notification_missing"
                    where = f"{fact.topic} at {fact.position} to {recipient}: {count} times"
                    yield Finding(name, "notifications", where)


def _hearers(fact: Stored, announced: tuple[bool, bool], registered: list[Stored]) -> Iterator[str]:
    coordinators, mentor = announced
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
    dropped = {
        (fact.data["notification_id"], channel)
        for kind in ("Suppressed", "Superseded", "Read", "Acknowledged")
        for fact in evidence.of(f"notifications.Notification{kind}")
        for channel in fact.data.get("dropped", ())
    }
    digested = {
        notification_id
        for fact in evidence.of("notifications.DigestSent")
        for notification_id in fact.data["notification_ids"]
    }
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
            called_off = (notification_id, channel) in dropped
            held = channel in requested.data.get("held", ()) and _waits(requested, waiting)
            if not (sent or given_up or called_off or held or f"{notification_id}:{channel}" in waiting):
                yield Finding("notification_not_sent", "notifications", where)
            if sent and channel == "email" and notification_id not in arrived | digested:
                yield Finding("mail_missing", "notifications", where)


def _waits(requested: Stored, waiting: set[str]) -> bool:
    """Whether the end of its quiet hours, or its digest, is still to come."""
    at = requested.data["deliver_after"]
    digest = at and f"{requested.data['recipient_id']}:{datetime.fromisoformat(at).isoformat()}"
    return requested.data["notification_id"] in waiting or digest in waiting


def no_mail_without_a_cause(evidence: Evidence) -> Iterator[Finding]:
    """Each mail is one requested, under the one id that is its, to the address of its recipient."""
    if "notifications" not in evidence.stores:
        return
    requested = {
        fact.data["notification_id"]: fact for fact in evidence.of("notifications.NotificationRequested")
    }
    # In the facts the address is sealed; nobody changes theirs in these rounds.
    rows = evidence.stores["notifications"].rows("recipients", "recipient_id, email")
    addresses = {str(row["recipient_id"]): {row["email"]} for row in rows}
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
