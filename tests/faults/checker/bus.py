"""The streams as the server holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nats
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """A message with its sequence."""

    sequence: int
    subject: str
    headers: Mapping[str, str]
    data: bytes


@dataclass(frozen=True)
class Streamed:
    """A stream: its first and last sequence, its metadata, and everything in it."""

    first: int
    last: int
    metadata: Mapping[str, str]
    messages: Sequence[Message]
    settings: Mapping[str, Any]


async def read_streams(url: str, seed: str | None = None) -> dict[str, Streamed]:
    """Every stream of the server, whole; `seed` is the operator's, where the server has users."""
    connection = await nats.connect(url, connect_timeout=5, nkeys_seed_str=seed)
    try:
        js = connection.jetstream(timeout=5)
        found = {}
        for info in await js.streams_info():
            name = str(info.config.name)
            messages = await _read(js, name, info.state.messages)
            found[name] = Streamed(
                info.state.first_seq,
                info.state.last_seq,
                info.config.metadata or {},
                messages,
                info.config.as_dict(),
            )
        return found
    finally:
        await connection.close()


async def _read(js: JetStreamContext, stream: str, count: int) -> list[Message]:
    messages: list[Message] = []
    if not count:
        return messages
    config = ConsumerConfig(ack_policy=AckPolicy.NONE, deliver_policy=DeliverPolicy.ALL, mem_storage=True)
    pull = await js.pull_subscribe("", stream=stream, config=config)
    while len(messages) < count:
        for message in await pull.fetch(min(PAGE, count - len(messages)), timeout=10):
            headers = dict(message.headers or {})
            sequence = message.metadata.sequence.stream
            messages.append(Message(sequence, message.subject, headers, message.data))
    await pull.unsubscribe()
    return messages
