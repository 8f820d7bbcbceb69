"""The lives of sessions and notifications: each step follows one that leads to it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

_WANTED = ("in_progress", "awaiting_log", "draft", "returned")
# Fact, the states that it may come in, and the state after it; None: the same as before.
SESSION: Mapping[str, tuple[tuple[str, ...], str | None]] = {
    "SessionScheduled": (("",), "scheduled"),
    "SessionRescheduled": (("scheduled", "missed"), "scheduled"),
    "SessionOverdue": (("scheduled", "missed"), None),
    "SessionMissed": (("scheduled",), "missed"),
    "SessionCancelled": (("scheduled", "missed"), "cancelled"),
    "SessionStarted": (("scheduled", "missed"), "in_progress"),
    "SessionFinished": (("in_progress", "awaiting_log"), "awaiting_log"),
    "SessionLogDrafted": (_WANTED, "draft"),
    "SessionLogged": (_WANTED, "submitted"),
    "LogOverdue": (_WANTED, None),
    "OutcomeRated": (("submitted",), None),
    "SessionReturned": (("submitted", "approved"), "returned"),
    "SessionApproved": (("submitted",), "approved"),
    "SessionLocked": (("submitted", "approved"), "locked"),
    "SessionAmended": ((*_WANTED, "locked", "amended"), "amended"),
    "SessionVoided": (("missed", *_WANTED, "submitted", "approved", "locked", "amended"), "voided"),
}


def every_session_lives_as_it_may(evidence: Evidence) -> Iterator[Finding]:
    """No step out of turn, and none of a ladder twice while the same thing is waited for."""
    state: dict[str, str] = defaultdict(str)
    climbed: dict[str, set[tuple[str, int]]] = defaultdict(set)
    kept = evidence.stores.get("sessions")
    for fact in kept.facts if kept else ():
        name = fact.topic.split(".")[1]
        if name not in SESSION or not fact.event["subject"].startswith("session/"):
            continue
        before, after = SESSION[name]
        where = f"{fact.stream}: {name} at {fact.position} after {state[fact.stream] or 'nothing'}"
        if state[fact.stream] not in before:
            yield Finding("session_out_of_turn", "sessions", where)
        if name in ("SessionRescheduled", "SessionReturned"):
            climbed[fact.stream].clear()
        if name in ("SessionOverdue", "LogOverdue"):
            step = name, fact.data["minutes" if name == "SessionOverdue" else "hours"]
            if step in climbed[fact.stream]:
                yield Finding("step_climbed_twice", "sessions", f"{where}: {step[1]}")
            climbed[fact.stream].add(step)
        state[fact.stream] = after or state[fact.stream]


def every_notification_lives_as_it_may(evidence: Evidence) -> Iterator[Finding]:
    """Requested first; tried, sent or given up on each channel by itself; never after it was called off."""
    lives: dict[str, list[Stored]] = defaultdict(list)
    kept = evidence.stores.get("notifications")
    for fact in kept.facts if kept else ():
        if fact.event["subject"].startswith("notification/"):
            lives[fact.stream].append(fact)
    digested = {
        notification_id
        for fact in evidence.of("notifications.DigestSent")
        for notification_id in fact.data["notification_ids"]
    }
    for stream, facts in lives.items():
        for fact in _amiss(facts, stream in digested):
            told = f"{stream}: {fact.topic} at {fact.position}"
            yield Finding("notification_out_of_turn", "notifications", told)


def _amiss(facts: list[Stored], digested: bool) -> Iterator[Stored]:
    """The facts of one notification that do not follow from those before."""
    first = facts[0]
    if not first.topic.endswith(".NotificationRequested.v1"):
        yield first
        return
    held = first.data.get("held", ())
    ways = {channel: ("held", 0) if channel in held else ("trying", 1) for channel in first.data["channels"]}
    done: set[str] = set()
    for fact in facts[1:]:
        data, name = fact.data, fact.topic.split(".")[1].removeprefix("Notification")
        status, attempt = ways.get(data.get("channel", ""), ("nowhere", 0))
        match name:
            case "Queued":
                fits = status in ("held", "waiting", "dead") and data["attempt"] == attempt + 1
                after = ("trying", data["attempt"])
            case "Sent":
                # What a digest told of is sent with it, whatever it was waiting for itself.
                fits = (status, attempt) == ("trying", data["attempt"]) or (
                    digested and status not in ("sent", "delivered", "nowhere")
                )
                after = ("sent", data["attempt"])
            case "Failed":
                fits = (status, attempt) == ("trying", data["attempt"])
                after = ("waiting" if data["retry_at"] else "dead", attempt)
            case "Delivered":
                fits, after = status == "sent", ("delivered", attempt)
            case _:
                dropped = data.get("dropped", ())
                ended = done & {"Suppressed", "Superseded"}
                fits = name not in done and (name not in ("Suppressed", "Superseded") or not ended)
                fits = fits and all(
                    ways.get(channel, ("nowhere", 0))[0] in ("held", "waiting") for channel in dropped
                )
                fits = fits and not (name == "Escalated" and "Acknowledged" in done)
                ways |= dict.fromkeys(dropped, ("dropped", 0))
                done.add(name)
                after = (status, attempt)
        if not fits:
            yield fact
        if "channel" in data:
            ways[data["channel"]] = after
