"""A service's stream against the ledger: the same facts at the same places, or who said otherwise."""

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from services.audit.ledger.formats.findings import Finding
from services.audit.ledger.reconcile import Ledger, Source, Tell
from shared.kernel.bus.compare import messages_of
from shared.kernel.bus.frames import POSITION
from shared.kernel.bus.reading import AUDIT_READERS
from shared.kernel.envelope import stream_name


async def compare_stream(
    ledger: Ledger, js: JetStreamContext, region: str, source: str, tell: Tell = lambda at: None
) -> None:
    """Findings go to the ledger's. A stream that is purged is refilled by its relay, and no finding while it is."""
    known = ledger.sources.get(source, Source())
    name, expected = stream_name(region, source), 1
    try:
        last = (await js.stream_info(name)).state.last_seq
    except NotFoundError:
        ledger.find(Finding.SEQ_GAP, "the stream is not there", source=source, position=1, until=known.head)
        return
    async for messages in messages_of(js, name, last, AUDIT_READERS):
        for message in messages:
            sequence = message.metadata.sequence.stream
            if sequence > expected:
                gone = "in the ledger, and not in the stream"
                ledger.find(Finding.SEQ_GAP, gone, source=source, position=expected, until=sequence - 1)
            expected = sequence + 1
            stated = (message.headers or {}).get(POSITION, "")
            position = (
                int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 19 else sequence
            )
            if known.denies(position, message.data):
                other = f"message {sequence} of the stream is another fact"
                ledger.find(Finding.EQUIVOCATION, other, source=source, position=position)
        tell(expected - 1)
    if expected <= known.head:
        gone = "in the ledger, and not in the stream"
        ledger.find(Finding.SEQ_GAP, gone, source=source, position=expected, until=known.head)
