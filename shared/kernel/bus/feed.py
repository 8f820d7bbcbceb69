"""The live feed of another service's facts: from its stream, dense and in order, with exactly one effect."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from faststream.nats import NatsBroker
from faststream.nats.security import NatsCredentials, NatsNKey
from faststream.security import BaseSecurity
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext

from shared.kernel import envelope, faults
from shared.kernel.bus.connection import PING_SECONDS, RECONNECT_SECONDS, errors_of, inbox
from shared.kernel.bus.ending import end
from shared.kernel.bus.frames import POSITION
from shared.kernel.bus.progress import Broken, FeedState, Progress
from shared.kernel.bus.provision import provision_durable
from shared.kernel.bus.standing import StandingPull, standing_pull
from shared.kernel.recorded import Arrival

LOOK_SECONDS = 1.0
ACK_SECONDS = 2.0
APPLY_SECONDS = 5.0
"""How long a batch under way may still take when the feed is stopped."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

Apply: TypeAlias = Callable[[list[Any]], Awaitable[None]]
"""Takes arrivals (see `signing.Arrival`); with a signature only from a feed that is `signed`."""

log = structlog.get_logger(__name__)


class NotApplied(Exception):
    """What `apply` raised is the cause: only the reader can know what to do."""


class StreamFeed:
    """One durable's way through one stream. The checkpoint in the reader's own database is the truth.

    Only one process at a time may run a durable's feed, or each would find gaps (see `lead`). One that is
    `signed` hands over what the producer signed each fact with.
    """

    def __init__(
        self,
        nats_url: str,
        region: str,
        source: str,
        durable: str,
        *,
        signed: bool = False,
        seed: str | None = None,
    ) -> None:
        self._signed = signed
        self._region, self._source, self._durable = region, source, durable
        self._progress = Progress(envelope.stream_name(region, source), source, durable)
        self._broken: asyncio.Future[None] | None = None
        self._connected = asyncio.Event()
        self._apply: Apply | None = None
        self._js: JetStreamContext | None = None
        self._broker = NatsBroker(
            nats_url,
            name=durable,
            inbox_prefix=inbox(durable),
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]
            ping_interval=PING_SECONDS,
            error_cb=errors_of(durable),
            disconnected_cb=self._lost,
            reconnected_cb=self._back,
            logger=None,
            apply_types=False,
            graceful_timeout=APPLY_SECONDS,
            security=_security(seed),
        )
        self._pull: StandingPull = standing_pull(
            self._broker,
            f"alongside.{region}.*.{source}.>",
            self._progress.stream,
            durable,
            self._arrived,
            lambda why: self._break(Broken(why)),
        )

    @property
    def state(self) -> FeedState:
        """How far it is, and what is wrong if anything is."""
        return self._progress.state

    async def run(self, *, position: int, apply: Apply) -> None:
        """Hand over what comes after `position`, until cancelled or until `apply` raises.

        It gets (position, bytes), dense and at most 500 in one list, and has committed them when it returns.
        What is wrong with the stream, the durable or the connection shows in `state` and is tried again.
        """
        self._apply = apply
        self._progress.checkpoint, self._progress.alarm = position, "connecting to NATS"
        following = asyncio.create_task(self._follow(), name=f"feed {self._durable}")
        try:
            await asyncio.wait((following,))
            following.result()
        finally:
            await asyncio.shield(asyncio.ensure_future(self._stop(following)))

    async def head(self) -> int:
        """The stream's last position, as last seen; about a second old unless `state` has an alarm."""
        return self._progress.last

    async def recorded_at(self, position: int) -> datetime | None:
        """When the fact at this position was recorded; None when the stream can't be asked or lacks it."""
        if self._js is None:
            return None
        try:
            found = await self._js.get_msg(self._progress.stream, seq=position)
            return envelope.read(found.data or b"").time
        except (Error, ValueError):
            return None

    async def _stop(self, following: "asyncio.Task[None]") -> None:
        await end(following)
        self._js = None
        await self._broker.stop()

    async def _follow(self) -> None:
        """Attend again and again. Raises only what `apply` raised."""
        progress, pause = self._progress, SHORTEST_PAUSE
        self._js = js = (await self._broker.connect()).jetstream(timeout=2)
        self._connected.set()
        while True:
            before = progress.checkpoint
            try:
                await self._attend(js)
            except NotApplied as failure:
                progress.warn(f"not applied: {failure.__cause__!r}")
                raise failure.__cause__ or failure from None
            except Exception as error:
                progress.warn(str(error) or type(error).__name__)
            finally:
                await self._pull.stop()
            pause = SHORTEST_PAUSE if progress.checkpoint > before else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)
            await self._connected.wait()

    async def _attend(self, js: JetStreamContext) -> None:
        """Everything from the checkpoint on, until something is wrong; then it raises."""
        progress = self._progress
        await progress.look(js)
        made = await provision_durable(js, self._region, self._source, self._durable)
        if made.made:
            log.info("durable made", stream=progress.stream, durable=self._durable, after=progress.checkpoint)
        await js.reset_consumer(progress.stream, self._durable, progress.checkpoint + 1)
        self._broken = asyncio.get_running_loop().create_future()
        self._broken.add_done_callback(_heard)  # also when the feed is stopped before it looks
        progress.begin()
        await self._pull.start()
        while True:
            await asyncio.wait((self._broken,), timeout=LOOK_SECONDS)
            if self._broken.done():
                self._broken.result()
            await progress.look(js)
            progress.clear()
            if progress.is_stuck():
                paused = (await js.consumer_info(progress.stream, self._durable)).paused
                why = "the durable is paused" if paused else f"the stream goes on to {progress.last}"
                raise Broken(f"nothing arrives: {why}")

    async def _arrived(self, messages: list[Msg]) -> None:
        """Apply a delivery, then acknowledge it; after a crash between the two it is skipped as known."""
        if self._broken is None or self._broken.done() or self._apply is None:
            return
        self._progress.applying = True
        try:
            facts = self._dense(messages)
            if facts:
                try:
                    await self._apply(facts)
                except Exception as error:
                    raise NotApplied from error
                self._progress.applied(facts[-1][0])
            await faults.reach("feed.before_ack")
            await messages[-1].ack_sync(ACK_SECONDS)
        except Exception as error:
            self._break(error)
        finally:
            self._progress.moved()

    def _dense(self, messages: list[Msg]) -> list[Arrival]:
        """What is new, without a gap. Raises Broken where one is."""
        facts: list[Arrival] = []
        expected = self._progress.checkpoint + 1
        for message in messages:
            sequence = _sequence(message)
            if sequence < expected:
                continue  # delivered again
            headers = message.headers or {}
            stated = headers.get(POSITION)
            if sequence > expected or stated != str(sequence):
                raise Broken(f"gap: fact {expected} expected, sequence {sequence} came, marked {stated}")
            if self._signed:
                facts.append((sequence, message.data, headers.get(envelope.SIGNATURE, "")))
            else:
                facts.append((sequence, message.data))
            expected += 1
        newest = messages[-1].metadata
        self._progress.last = max(self._progress.last, newest.sequence.stream + newest.num_pending)
        return facts

    def _break(self, why: Exception) -> None:
        if self._broken and not self._broken.done():
            self._broken.set_exception(why)

    async def _lost(self) -> None:
        self._connected.clear()
        self._break(Broken("the connection to NATS is lost"))

    async def _back(self) -> None:
        self._connected.set()


def _security(seed: str | None) -> BaseSecurity | None:
    """What `identity` of the connection says, as FastStream wants it."""
    if not seed:
        return None
    return NatsCredentials.from_raw(seed) if "NATS USER JWT" in seed else NatsNKey.from_seed(seed)


def _sequence(message: Msg) -> int:
    """Its place in the stream. A tenth of the time of a catch-up less than the whole of its metadata."""
    parts = message.reply.split(".")
    # $JS.ACK.<stream>.<consumer>.<delivered>.<sequence>...; servers with domains put two parts before
    return int(parts[5]) if len(parts) == 9 else message.metadata.sequence.stream


def _heard(broken: "asyncio.Future[None]") -> None:
    if not broken.cancelled():
        broken.exception()
