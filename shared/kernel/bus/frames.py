"""Facts as NATS protocol bytes, written by hand: encoding header by header is what a backlog waits for."""

from collections.abc import Mapping, Sequence

from shared.kernel.envelope import partition, stream_name, subject_of
from shared.kernel.store import StoredEvent

CONTENT_TYPE = "application/cloudevents+json"
POSITION, PREVIOUS = "Alongside-Position", "Alongside-Previous"


class Frames:
    """Makes the messages of one service's facts. `previous` is each partition's last position so far."""

    def __init__(self, region: str, service: str, previous: Mapping[int, int]) -> None:
        self._region, self._service = region, service
        self._previous = dict(previous)
        self._subjects: dict[tuple[str, int], bytes] = {}
        self._stream = stream_name(region, service).encode()
        self._id = f"{region}-{service}".encode()

    def of(self, facts: Sequence[StoredEvent], reply: str, signatures: Sequence[str] = ()) -> bytes:
        """One message, or one atomic batch when there are several; only the last asks for an answer.

        The first one names the sequence that must come before it, so that facts can only ever be appended in
        order, once, whoever sends them and however often. `signatures` has one for each fact, or none at all.
        """
        answer = reply.encode() + b" "
        signed = [b"Alongside-Signature: %b\r\n" % made.encode() for made in signatures] or [b""] * len(facts)
        fence = b"Nats-Expected-Stream: %b\r\nNats-Expected-Last-Sequence: %d\r\n" % (
            self._stream,
            facts[0].position - 1,
        )
        if len(facts) == 1:
            return self._message(facts[0], answer, fence + signed[0])
        batch = reply.rpartition(".")[2].encode()
        last = len(facts)
        messages = [
            self._message(
                fact,
                answer if number == last else b"",
                b"%b%bNats-Batch-Id: %b\r\nNats-Batch-Sequence: %d\r\n%b"
                % (
                    fence if number == 1 else b"",
                    signed[number - 1],
                    batch,
                    number,
                    b"Nats-Batch-Commit: 1\r\n" if number == last else b"",
                ),
            )
            for number, fact in enumerate(facts, start=1)
        ]
        return b"".join(messages)

    def _message(self, fact: StoredEvent, reply: bytes, more: bytes) -> bytes:
        number = partition(fact.stream)
        headers = (
            b"NATS/1.0\r\nNats-Msg-Id: %b-%d\r\nAlongside-Position: %d\r\nAlongside-Previous: %d\r\n"
            b"content-type: application/cloudevents+json\r\n%b\r\n"
        ) % (self._id, fact.position, fact.position, self._previous.get(number, 0), more)
        self._previous[number] = fact.position
        length = len(headers)
        return b"HPUB %b %b%d %d\r\n%b%b\r\n" % (
            self._subject(fact.topic, number),
            reply,
            length,
            length + len(fact.state),
            headers,
            fact.state,
        )

    def _subject(self, topic: str, number: int) -> bytes:
        found = self._subjects.get((topic, number))
        if found is None:
            found = self._subjects[topic, number] = subject_of(self._region, topic, number).encode()
        return found
