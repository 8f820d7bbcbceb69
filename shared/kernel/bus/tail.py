"""Where a stream stands against the store, read from the stream itself: what a relay starts from."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.kernel.bus.frames import POSITION
from shared.kernel.envelope import PARTITIONS, stream_name
from shared.kernel.store import Store


class Unfit(Exception):
    """The stream is not a prefix of the store; the message says what differs and what mends it."""


class StreamMissing(Unfit):
    """There is no such stream."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The last position in the stream, and the last one in each partition that has any."""

    position: int
    previous: Mapping[int, int]


async def read_tail(js: JetStreamContext, store: Store, region: str, service: str) -> Tail:
    """Where to go on publishing. Asks the stream's leader, since a replica may answer with the past.

    Raises StreamMissing or Unfit when publishing would make things worse.
    """
    name, mend = stream_name(region, service), f"alongside stream repair --service {service}"
    try:
        state = (await js.stream_info(name)).state
    except NotFoundError:
        raise StreamMissing(f"stream {name} does not exist; run `{mend}`") from None
    last = state.last_seq
    if last == 0:
        return Tail(0, {})
    if state.messages != last:
        raise Unfit(f"stream {name} lacks {last - state.messages} of {last} facts; run `{mend} --replace`")
    head = await store.head()
    if head < last:
        raise Unfit(
            f"stream {name} holds {last} facts, the store only {head}: was an older backup restored? "
            f"If the store is right, run `{mend} --replace`"
        )
    message, stored = await js.get_msg(name, seq=last), await store.read(last - 1, 1)
    position = (message.headers or {}).get(POSITION)
    if position != str(last) or not stored or stored[0].state != (message.data or b""):
        raise Unfit(f"fact {last} of stream {name} is not the store's; see `alongside stream verify`")
    return Tail(last, await _previous(js, name, region, service))


async def _previous(js: JetStreamContext, name: str, region: str, service: str) -> dict[int, int]:
    async def last_of(number: int) -> int:
        try:
            found = await js.get_last_msg(name, f"alongside.{region}.*.{service}.*.*.p{number:02d}")
        except NotFoundError:
            return 0
        return found.seq or 0

    found = await asyncio.gather(*(last_of(number) for number in range(PARTITIONS)))
    return {number: position for number, position in enumerate(found) if position}
