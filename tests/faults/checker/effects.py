"""What rules did because of facts and of time: each with a cause, and once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

# Cause, effect, and the field by which the effect names its cause; the policy that is to see to it.
FOLLOWS = (
    ("training.TrainingCompleted", "training.CertificationGranted", "enrolment_id", "certify"),
    ("assignments.SupportRequestReceived", "assignments.ChildReferred", "request_id", "follow_request"),
    ("assignments.SupportRequestTakenOn", "assignments.ChildAccepted", "request_id", "follow_request"),
    ("assignments.MentorEngaged", "notifications.RecipientRegistered", "mentor_id", "register_mentor"),
)


def effects_have_one_cause_and_happen_once(evidence: Evidence) -> Iterator[Finding]:
    """No rule acts without a fact, none acts twice on one, and those that must act have acted."""
    done: Counter[tuple[str, str, str, str, str]] = Counter()
    for service, kept in evidence.stores.items():
        for fact in kept.facts:
            if not fact.actor.startswith(("policy:", "effect:")):
                continue
            done[service, fact.actor, fact.cause, fact.stream, fact.topic] += 1
            if fact.cause not in evidence.by_id:
                yield Finding(
                    "effect_without_cause", service, f"{fact.position} {fact.topic} by {fact.actor}"
                )
    for (service, actor, cause, _, topic), count in done.items():
        if count > 1:
            yield Finding("effect_twice", service, f"{topic} by {actor}, {count} times because of {cause}")
    for cause_topic, topic, name, policy in FOLLOWS:
        yield from _follows(evidence, cause_topic, topic, name, policy)


def _follows(evidence: Evidence, cause: str, topic: str, name: str, policy: str) -> Iterator[Finding]:
    source, service = cause.partition(".")[0], topic.partition(".")[0]
    if service not in evidence.stores:
        return
    parked = evidence.stores[service].parked_at(policy, source)
    found = Counter(str(fact.data.get(name)) for fact in evidence.of(topic))
    for fact in evidence.of(cause):
        count = found[str(fact.data.get(name))]
        if count != 1 and fact.position not in parked:
            kind = "effect_twice" if count else "effect_missing"
            yield Finding(kind, service, f"{topic} because of {cause} at {fact.position}: {count} times")


def what_falls_due_is_done_once(evidence: Evidence) -> Iterator[Finding]:
    """Nothing is overdue, nothing was done that was not due, and what expired says so once."""
    for service, kept in evidence.stores.items():
        for row in kept.due:
            if row["due_at"] <= kept.now and row["fired_for"] != row["due_at"]:
                yield Finding("due_not_fired", service, f"{row['kind']} {row['key']} at {row['due_at']}")
        fired = {
            f"due:{row['kind']}:{row['key']}:{row['due_at'].astimezone(UTC).isoformat()}"
            for row in kept.due_fired
        }
        for fact in kept.facts:
            if not fact.actor.startswith("due:"):
                continue
            told = f"{fact.position} {fact.topic} because of {fact.cause}"
            # Killed before it was noted as fired, its row may be gone by then: what followed from it took it away.
            if fact.cause not in fired and fact.cause not in kept.requests:
                yield Finding("due_without_cause", service, told)
            due_at = fact.cause[fact.cause.rindex("T") - len("2026-09-07") :]
            if datetime.fromisoformat(due_at) > datetime.fromisoformat(fact.time):
                yield Finding("due_too_early", service, told)
    if "training" in evidence.stores:
        yield from _expired(evidence, evidence.stores["training"].now.date())


def _expired(evidence: Evidence, today: date) -> Iterator[Finding]:
    granted = evidence.of("training.CertificationGranted")
    expired = Counter(fact.data["certification_id"] for fact in evidence.of("training.CertificationExpired"))
    revoked = {fact.data["certification_id"] for fact in evidence.of("training.CertificationRevoked")}
    for grant in granted:
        key, count = grant.data["certification_id"], expired.pop(grant.data["certification_id"], 0)
        over = grant.data["valid_until"] is not None and date.fromisoformat(grant.data["valid_until"]) < today
        if count > 1 or (count and not over):
            yield Finding("due_without_cause", "training", f"certification {key} expired {count} times")
        if over and not count and key not in revoked and not _renewed(grant, granted):
            yield Finding("due_not_fired", "training", f"certification {key} has not expired")
    for key in expired:
        yield Finding("due_without_cause", "training", f"certification {key} expired, but was never granted")


def _renewed(grant: Stored, granted: list[Stored]) -> bool:
    """Whether another certification of the same mentor and track was held, which may have made up for it."""
    who = (grant.data["mentor_id"], grant.data["track"])
    return any(
        (other.data["mentor_id"], other.data["track"]) == who and other is not grant for other in granted
    )
