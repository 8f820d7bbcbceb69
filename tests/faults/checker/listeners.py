"""Checkpoints and parking: whatever was delivered was processed or is parked."""

from collections.abc import Iterator

from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding


def everything_delivered_is_accounted_for(evidence: Evidence) -> Iterator[Finding]:
    """Each listener stands at its source's head, and its parked facts are there, with the bytes they had."""
    for service, kept in evidence.stores.items():
        known = {(row["projection"], row["source"]): row for row in kept.checkpoints}
        for pair in evidence.place.listeners.get(service, ()):
            if pair not in known:
                yield Finding("listener_without_checkpoint", service, f"{pair[0]} of {pair[1]}")
        for (listener, source), row in known.items():
            if source not in evidence.stores:
                continue
            where, facts = f"{service} {listener}<{source}", evidence.stores[source].facts
            head = facts[-1].position if facts else 0
            if row["position"] != head:
                yield Finding("not_accounted_for", where, f"stands at {row['position']} of {head}")
            parked = [
                found for found in kept.parked if (found["projection"], found["source"]) == (listener, source)
            ]
            if len(parked) != row["parked"]:
                told = f"{row['parked']} were set aside, {len(parked)} are there"
                yield Finding("parked_fact_lost", where, told)
            bytes_of = {fact.position: fact.state for fact in facts}
            for found in parked:
                if bytes_of.get(found["position"]) != bytes(found["state"]):
                    yield Finding("parked_bytes_differ", where, f"at {found['position']}")


def nothing_is_parked_without_need(evidence: Evidence) -> Iterator[Finding]:
    """A fact is set aside because of what is in it, never because a process or a server died."""
    sound = {
        (service, fact.position)
        for service, kept in evidence.stores.items()
        for fact in kept.facts
        if "poison" not in fact.data
    }
    poisoned = {
        (service, fact.stream)
        for service, kept in evidence.stores.items()
        for fact in kept.facts
        if "poison" in fact.data
    }
    for service, kept in evidence.stores.items():
        for row in kept.parked:
            place = (row["source"], row["position"])
            if place in sound and (row["source"], str(row["stream"])) not in poisoned:
                where = f"{service} {row['projection']}<{row['source']}"
                told = f"{row['position']} {row['topic']}: {row['error']}"
                yield Finding("parked_without_need", where, told)
