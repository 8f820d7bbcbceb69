"""The event stores: dense positions, gapless versions, whole envelopes."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding


def positions_are_dense(evidence: Evidence) -> Iterator[Finding]:
    """1..n without a gap, and the head is n."""
    for service, kept in evidence.stores.items():
        for expected, fact in enumerate(kept.facts, start=1):
            if fact.position != expected:
                yield Finding("position_gap", service, f"{expected} expected, {fact.position} found")
                break
        last = kept.facts[-1].position if kept.facts else 0
        if kept.head != last:
            yield Finding("head_is_wrong", service, f"the head says {kept.head}, the last fact is {last}")


def versions_are_gapless(evidence: Evidence) -> Iterator[Finding]:
    """1..n in every stream, each once, in the order of their positions."""
    for service, kept in evidence.stores.items():
        versions: Counter[str] = Counter()
        for fact in kept.facts:
            versions[fact.stream] += 1
            if fact.version != versions[fact.stream]:
                told = f"{fact.stream} goes on with {fact.version}, not {versions[fact.stream]}"
                yield Finding("version_gap", service, told)
                versions[fact.stream] = fact.version


def envelopes_are_whole(evidence: Evidence) -> Iterator[Finding]:
    """Each fact says what its row says, and has an id of its own."""
    for service, kept in evidence.stores.items():
        ids = Counter(fact.id for fact in kept.facts)
        for fact in kept.facts:
            event = fact.event
            if ids[fact.id] > 1:
                yield Finding("fact_id_twice", service, f"{fact.id} at {fact.position}")
            stated = (event["type"], event["streamversion"], event["subject"].rsplit("/", 1)[1])
            if stated != (fact.topic, fact.version, fact.stream):
                yield Finding("envelope_differs", service, f"{fact.position} says {stated}")
