"""Where a rebuild reads facts from: the owning store, or the stream of another service."""

import asyncio
import select
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from psycopg import sql

from shared.kernel.envelope import SIGNATURE

if TYPE_CHECKING:  # a rebuild from the own store needs no NATS
    from nats.aio.client import Client
    from nats.js import JetStreamContext

    from shared.kernel.signing import Signing

# What precedes the first row of a binary COPY: signature, flags, length of the extension.
_HEADER = 19
# What precedes the state in a row; the end of a COPY is shorter.
_BEFORE = 18
FETCH = 500
FETCH_SECONDS = 5.0


class Origin(Protocol):
    """Reads a range of a source's facts, in order; it is sent to other processes."""

    def facts(self, after: int, until: int, patterns: Sequence[str]) -> Iterator[Any]:
        """The facts in (after, until], each an `Arrival`; others than these topics may be left out."""

    def head(self) -> int:
        """The source's last position."""


@dataclass(frozen=True)
class StoreOrigin:
    """The service's own store, copied out in order; signed anew, which gives the same, with `signing`."""

    database_url: str
    signing: "Signing | None" = None

    def facts(self, after: int, until: int, patterns: Sequence[str]) -> Iterator[Any]:
        if self.signing is None:
            yield from self._stored(after, until, patterns)
            return
        stored = self._stored(after, until, patterns)
        while some := list(islice(stored, FETCH)):
            for fact, signature in zip(some, self.signing.sign(some), strict=True):
                yield (*fact, signature)

    def _stored(self, after: int, until: int, patterns: Sequence[str]) -> Iterator[tuple[int, bytes]]:
        query = sql.SQL(
            "COPY (SELECT notification_id, state FROM stored_events "
            "WHERE notification_id > {} AND notification_id <= {} AND topic LIKE ANY ({}) "
            "ORDER BY notification_id) TO STDOUT (FORMAT binary)"
        ).format(after, until, list(patterns))
        with (
            psycopg.connect(self.database_url, application_name="alongside rebuild reads") as connection,
            connection.cursor().copy(query) as copy,
        ):
            # Past the library, whose every read costs 0.5 us more; it begins the COPY and ends it.
            arrived = connection.pgconn.get_copy_data
            arrival = select.poll()
            arrival.register(connection.pgconn.socket, select.POLLIN)
            size, block, start = 1, copy.read(), _HEADER
            while True:
                if size > _BEFORE or start:
                    # int16 number of columns, then for each int32 length and value; a block holds one row
                    row = bytes(block[start:]) if start else bytes(block)
                    if len(row) <= _BEFORE:
                        break  # the end stands beside the header: there is no row
                    start = 0
                    yield int.from_bytes(row[6:14], "big"), row[_BEFORE:]
                elif size:
                    break
                else:
                    arrival.poll()
                    connection.pgconn.consume_input()
                size, block = arrived(1)
            copy.read()  # the last of it, or what the server had to say

    def head(self) -> int:
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute("SELECT position FROM store_head WHERE name = 'store'").fetchone()
            return int(found[0]) if found else 0


class Incomplete(Exception):
    """The stream does not hold what it must; run `alongside stream verify`."""


@dataclass(frozen=True)
class StreamOrigin:
    """Another service's stream, since a service can't read another's database; with signatures if `signed`."""

    nats_url: str
    stream: str
    signed: bool = False
    part: str = "specimens-rebuild"
    seed: str | None = field(default=None, repr=False)

    def facts(self, after: int, until: int, patterns: Sequence[str]) -> Iterator[Any]:
        """Only those wanted travel: of another service's facts that may be one in ten."""
        with asyncio.Runner() as runner:
            client = runner.run(self._connected())
            reader = None
            try:
                reader, pull = runner.run(_pull(client, self.part, self.stream, after, _filters(patterns)))
                left = runner.run(pull.consumer_info()).num_pending or 0
                while left and after < until:
                    for message in runner.run(pull.fetch(min(FETCH, left), timeout=FETCH_SECONDS)):
                        # $JS.ACK.<stream>.<consumer>.<delivered>.<sequence>.<its own>.<time>.<pending>
                        parts = message.reply.split(".")
                        after, left = int(parts[-4]), int(parts[-1])
                        if after > until:
                            break
                        if self.signed:
                            yield after, message.data, (message.headers or {}).get(SIGNATURE, "")
                        else:
                            yield after, message.data
            finally:
                if reader:
                    runner.run(_put_back(client, self.stream, reader))
                runner.run(client.close())

    def head(self) -> int:
        async def ask() -> int:
            client = await self._connected()
            try:
                return int((await client.jetstream().stream_info(self.stream)).state.last_seq)
            finally:
                await client.close()

        return asyncio.run(ask())

    async def _connected(self) -> "Client":
        from shared.kernel.bus.connection import connect

        return await connect(self.nats_url, self.part, self.seed)


def _filters(patterns: Sequence[str]) -> list[str]:
    """The subjects of topics that are wanted, from their SQL patterns; none for all."""
    if "%" in patterns:
        return []
    parts = [pattern.replace("\\_", "_").split(".") for pattern in patterns]
    return [f"alongside.*.*.{service}.{name}.>" for service, name, _ in parts]


async def _pull(
    client: "Client", part: str, stream: str, after: int, filters: list[str]
) -> tuple[str, "JetStreamContext.PullSubscription"]:
    """A reader of its own that leaves nothing behind and acknowledges nothing. Raises Incomplete.

    What is left out can't be told from what is missing, so the whole stream has to be there.
    """
    from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

    from shared.kernel.bus.reading import reader, slots

    js = client.jetstream()
    state = (await js.stream_info(stream)).state
    if state.messages != state.last_seq:
        raise Incomplete(f"{stream} has {state.messages} of {state.last_seq} facts")
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=after + 1,
        filter_subjects=filters or None,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=30,
        mem_storage=True,
    )
    return await reader(js, stream, slots(part), config)


async def _put_back(client: "Client", stream: str, reader: str) -> None:
    """Another may have the name now; where the server does not answer it comes to the same by itself."""
    from nats.errors import Error

    with suppress(Error):
        await client.jetstream().delete_consumer(stream, reader)
