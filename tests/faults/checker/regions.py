"""A region is whole by itself: nothing of it elsewhere, nothing from elsewhere in it."""

from collections.abc import Iterator
from json import loads

from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding
from tests.faults.checker.streams import event_id


def nothing_crosses_the_region(evidence: Evidence) -> Iterator[Finding]:
    """Stores, streams of every region on the server, and callers."""
    region = evidence.place.region
    for service, kept in evidence.stores.items():
        for fact in kept.facts:
            if (fact.event["region"], fact.event["source"]) != (region, f"/{region}/{service}"):
                told = f"{fact.position} is of {fact.event['source']}"
                yield Finding("crosses_region", f"store of {service}", told)
    for name, stream in evidence.streams.items():
        own = stream.metadata.get("alongside-region")
        for message in stream.messages:
            stated = loads(message.data).get("region") if event_id(message) else None
            if own is None or stated != own or message.subject.split(".")[1] != own:
                told = f"{message.sequence} of {stated} on {message.subject}"
                yield Finding("crosses_region", f"stream {name}", told)
    for command in evidence.journal:
        if command.region != region and command.accepted:
            told = f"{command.path} by {command.role} of {command.region}"
            yield Finding("crosses_region", command.service, told)
