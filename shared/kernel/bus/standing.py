"""A FastStream batch subscriber that keeps a pull request standing: one fact never waits for a batch."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from faststream import AckPolicy
from faststream._internal.broker.registrator import Registrator
from faststream._internal.endpoint.subscriber.call_item import CallsCollection
from faststream.message import StreamMessage
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.subscriber.config import NatsSubscriberConfig, NatsSubscriberSpecificationConfig
from faststream.nats.subscriber.specification import NatsSubscriberSpecification
from faststream.nats.subscriber.usecases import BatchPullStreamSubscriber
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

from shared.kernel.bus.provision import BATCH

EXPIRES_SECONDS = 30.0
HEARTBEAT_SECONDS = 1.0
SILENT_SECONDS = 2.5

Handler = Callable[[list[Msg]], Awaitable[None]]


class StandingPull(BatchPullStreamSubscriber):
    """Hands over what has arrived as soon as the handler is free: one fact or hundreds, always in order.

    FastStream's own loop collects until the batch is full or its timeout ends. Here the request stays open,
    the server's heartbeats tell that it still is, and one that ended, however it did, is followed by another.
    """

    def __init__(
        self,
        config: NatsSubscriberConfig,
        specification: NatsSubscriberSpecification,
        calls: CallsCollection[list[Msg]],
        *,
        stream: JStream,
        durable: str,
        gone: Callable[[str], None],
    ) -> None:
        super().__init__(
            config, specification, calls, stream=stream, pull_sub=PullSub(BATCH, None, batch=True)
        )
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream.name}.{durable}"
        self._gone = gone
        self._inbox = ""
        self._messages: list[Msg] = []
        self._arrived = asyncio.Event()
        self._left = 0
        self._heard = 0.0

    async def _create_subscription(self) -> None:
        if self.subscription:
            return
        self._messages, self._inbox = [], self.connection.new_inbox()
        subscription: Any = await self.connection.subscribe(self._inbox, cb=self._take)
        self.subscription = subscription
        self.add_task(self._consume_pull)

    async def _consume_pull(self) -> None:
        await self.ask()
        while self.running:
            self._arrived.clear()
            if self._messages:
                messages, self._messages = self._messages[:BATCH], self._messages[BATCH:]
                await self.consume(messages)
                continue
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    await self._arrived.wait()
            except TimeoutError:
                if time.monotonic() - self._heard > SILENT_SECONDS:
                    await self.ask()

    async def ask(self) -> None:
        """Send a request. A second one beside one that stands does no harm: order and limits are kept."""
        self._left, self._heard = BATCH, time.monotonic()
        request = {
            "batch": BATCH,
            "expires": int(EXPIRES_SECONDS * 1e9),
            "idle_heartbeat": int(HEARTBEAT_SECONDS * 1e9),
        }
        await self.connection.publish(self._next, json.dumps(request).encode(), reply=self._inbox)

    async def _take(self, message: Msg) -> None:
        self._heard = time.monotonic()
        if message.reply:
            self._messages.append(message)
            self._arrived.set()
            self._left -= 1
            if self._left <= 0:
                await self.ask()
            return
        headers = message.headers or {}
        status, description = headers.get("Status", ""), headers.get("Description", "")
        if status in ("400", "503") or description == "Consumer Deleted":
            self._gone(f"durable lost: {description or 'no consumer answers'}")
        elif status in ("404", "408"):
            await self.ask()
        # after a 409 (leader changed, server stopping) silence will make it ask again


def standing_pull(
    broker: NatsBroker, subject: str, stream: str, durable: str, handler: Handler, gone: Callable[[str], None]
) -> StandingPull:
    """Register `handler` for a durable's messages; it acknowledges them. `gone` hears of the durable's loss.

    Written out what `broker.subscriber` does, since that can't be given a class of subscriber.
    """
    outer: Any = broker.config
    calls = CallsCollection[list[Msg]]()
    config = NatsSubscriberConfig(
        subject=subject,
        sub_config=ConsumerConfig(durable_name=durable),
        extra_options={},
        _outer_config=outer,
        _ack_policy=AckPolicy.MANUAL,
    )
    described = NatsSubscriberSpecificationConfig(
        subject=subject, queue=None, title_=durable, description_=None, include_in_schema=True
    )
    specification = NatsSubscriberSpecification(outer, described, calls)
    subscriber = StandingPull(
        config, specification, calls, stream=JStream(stream, declare=False), durable=durable, gone=gone
    )
    Registrator.subscriber(broker, subscriber)
    subscriber.add_call(parser_=None, decoder_=_untouched, dependencies_=(), codec_=None)
    subscriber(handler)
    return subscriber


async def _untouched(message: StreamMessage[list[Msg]]) -> list[Msg]:
    """Facts stay bytes: whoever wants one decodes it."""
    return message.raw_message
