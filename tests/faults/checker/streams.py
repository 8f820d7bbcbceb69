"""The streams against the stores: each fact once, in order, byte for byte."""

from binascii import crc32
from collections import defaultdict
from collections.abc import Iterator
from json import JSONDecodeError, loads
from uuid import UUID

from tests.faults.checker.bus import Message
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

PARTITIONS = 64
PRIVACY = ("open", "sealed", "restricted")


def event_id(message: Message) -> str:
    """The id of the fact inside; empty when there is none."""
    try:
        found = loads(message.data)
    except (JSONDecodeError, UnicodeDecodeError):
        return ""
    return str(found.get("id", "")) if isinstance(found, dict) else ""


def each_fact_is_streamed_once_in_order(evidence: Evidence) -> Iterator[Finding]:
    """Its sequence is its position, its bytes are the stored ones, and nothing else is in the stream."""
    for service, kept in evidence.stores.items():
        places: dict[str, list[Message]] = defaultdict(list)
        for message in evidence.stream(service):
            places[event_id(message)].append(message)
        for fact in kept.facts:
            there = places.pop(fact.id, [])
            where = f"{fact.position} {fact.topic}"
            if not there:
                yield Finding("fact_not_in_stream", service, where)
            if len(there) > 1:
                yield Finding("fact_twice_in_stream", service, f"{where} at {[m.sequence for m in there]}")
            for message in there[:1]:
                if message.sequence != fact.position:
                    yield Finding("sequence_is_not_position", service, f"{where} is {message.sequence}")
                if message.data != fact.state:
                    yield Finding("bytes_differ", service, where)
        for messages in places.values():
            for message in messages:
                told = f"sequence {message.sequence} on {message.subject}"
                yield Finding("stranger_in_stream", service, told)


def messages_are_marked(evidence: Evidence) -> Iterator[Finding]:
    """Subject and headers lead readers: region, service, type, partition, position, the one before."""
    region = evidence.place.region
    for service in evidence.stores:
        last: dict[int, int] = {}
        for message in evidence.stream(service):
            if not event_id(message):
                continue
            event = loads(message.data)
            number = crc32(UUID(event["subject"].rsplit("/", 1)[1]).bytes) % PARTITIONS
            tail = f"{event['type']}.p{number:02d}"
            subjects = [f"alongside.{region}.{privacy}.{tail}" for privacy in PRIVACY]
            if message.subject not in subjects:
                told = f"{message.sequence} is on {message.subject}, not {subjects[1]}"
                yield Finding("subject_is_wrong", service, told)
            stated = [message.headers.get(f"Alongside-{name}") for name in ("Position", "Previous")]
            expected = [str(message.sequence), str(last.get(number, 0))]
            if stated != expected:
                yield Finding("marks_are_wrong", service, f"{message.sequence}: {stated}, not {expected}")
            last[number] = message.sequence
