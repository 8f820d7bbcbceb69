"""The live feed of another service's facts: from its stream, dense and in order, with exactly one effect."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import structlog
from faststream.nats import NatsBroker
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.kernel import envelope, faults
from shared.kernel.bus.connection import PING_SECONDS, RECONNECT_SECONDS, errors_of, inbox
from shared.kernel.bus.frames import POSITION
from shared.kernel.bus.provision import provision_durable
from shared.kernel.bus.standing import StandingPull, standing_pull
from shared.kernel.envelope import stream_name

LOOK_SECONDS = 1.0
STUCK_SECONDS = 3.0
ACK_SECONDS = 5.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

Apply: TypeAlias = Callable[[list[tuple[int, bytes]]], Awaitable[None]]

log = structlog.get_logger(__name__)


class Broken(Exception):
    """The feed can't go on as it is; the message says why. It starts again from the checkpoint."""


class NotApplied(Exception):
    """What `apply` raised is the cause: only the reader can know what to do."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """What `/status` and `/ready` show. `position` is applied, `last` is the stream's end as last seen."""

    position: int
    last: int
    lag_facts: int
    lag_seconds: float
    alarm: str | None


class StreamFeed:
    """One durable's way through one stream. The checkpoint in the reader's own database is the truth.

    Only one process at a time may run a durable's feed, or each would find gaps (see `lead`).
    """

    def __init__(self, nats_url: str, region: str, source: str, durable: str) -> None:
        self._region, self._source, self._durable = region, source, durable
        self._stream = stream_name(region, source)
        self._checkpoint = self._last = 0
        self._oldest_at: float | None = None
        self._alarm: str | None = "not started"
        self._broken: asyncio.Future[None] | None = None
        self._apply: Apply | None = None
        self._js: JetStreamContext | None = None
        self._moved_at = 0.0
        self._applying = False
        self._broker = NatsBroker(
            nats_url,
            name=durable,
            inbox_prefix=inbox(durable),
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]
            ping_interval=PING_SECONDS,
            error_cb=errors_of(durable),
            reconnected_cb=self._reconnected,
            logger=None,
            apply_types=False,
            graceful_timeout=ACK_SECONDS,
        )
        subject = f"alongside.{region}.*.{source}.>"
        self._pull: StandingPull = standing_pull(
            self._broker, subject, self._stream, durable, self._arrived, self._break
        )

    @property
    def state(self) -> FeedState:
        """Lag is the stream's end minus the checkpoint, and the age of the oldest fact not applied."""
        lag = max(0, self._last - self._checkpoint)
        return FeedState(
            position=self._checkpoint,
            last=self._last,
            lag_facts=lag,
            lag_seconds=max(0.0, time.time() - self._oldest_at) if lag and self._oldest_at else 0.0,
            alarm=self._alarm,
        )

    async def run(self, *, position: int, apply: Apply) -> None:
        """Hand over what comes after `position`, until cancelled or until `apply` raises.

        It gets (position, bytes), dense and at most 500 in one list, and has committed them when it returns.
        What is wrong with the stream, the durable or the connection shows in `state` and is tried again.
        """
        self._apply, self._checkpoint, self._alarm = apply, position, "connecting to NATS"
        pause = SHORTEST_PAUSE
        try:
            self._js = js = (await self._broker.connect()).jetstream(timeout=2)
            while True:
                before = self._checkpoint
                try:
                    await self._attend(js)
                except NotApplied as failure:
                    self._raise_alarm(f"not applied: {failure.__cause__!r}")
                    raise failure.__cause__ or failure from None
                except Exception as error:
                    self._raise_alarm(str(error) or type(error).__name__)
                finally:
                    await self._pull.stop()
                pause = SHORTEST_PAUSE if self._checkpoint > before else min(pause * 2, LONGEST_PAUSE)
                await asyncio.sleep(pause)
        finally:
            self._js = None
            await self._broker.stop()

    async def head(self) -> int:
        """The stream's last position, as last seen; less than a second old unless `state` has an alarm."""
        return self._last

    async def recorded_at(self, position: int) -> datetime | None:
        """When the fact at this position was recorded; None when the stream can't be asked or lacks it."""
        if self._js is None:
            return None
        try:
            found = await self._js.get_msg(self._stream, seq=position)
            return envelope.read(found.data or b"").time
        except (Error, ValueError):
            return None

    async def _attend(self, js: JetStreamContext) -> None:
        """Everything from the checkpoint on, until something is wrong; then it raises."""
        await self._look(js)
        made = await provision_durable(js, self._region, self._source, self._durable)
        if made.made:
            log.info("durable made", stream=self._stream, durable=self._durable, after=self._checkpoint)
        await js.reset_consumer(self._stream, self._durable, self._checkpoint + 1)
        self._broken = asyncio.get_running_loop().create_future()
        self._moved_at = time.monotonic()
        await self._pull.start()
        if self._checkpoint >= self._last:
            self._alarm = None
        while True:
            await asyncio.wait((self._broken,), timeout=LOOK_SECONDS)
            if self._broken.done():
                self._broken.result()
            await self._look(js)
            if self._checkpoint >= self._last:
                self._moved_at = time.monotonic()
                self._alarm = None
            elif not self._applying and time.monotonic() - self._moved_at > STUCK_SECONDS:
                raise Broken(f"nothing arrives though the stream goes on to {self._last}")

    async def _look(self, js: JetStreamContext) -> None:
        """Where the stream ends, and since when a fact waits. Raises Broken if it ends too early."""
        try:
            self._last = (await js.stream_info(self._stream)).state.last_seq
        except NotFoundError:
            raise Broken(f"stream {self._stream} does not exist") from None
        if self._last < self._checkpoint:
            raise Broken(
                f"stream {self._stream} ends at {self._last}, but {self._checkpoint} of it are applied; "
                f"run `alongside stream repair --service {self._source}`"
            )
        waiting = self._checkpoint + 1
        if waiting > self._last:
            self._oldest_at = None
        else:
            found = await js.get_msg(self._stream, seq=waiting)
            self._oldest_at = found.time.timestamp() if found.time else None

    async def _arrived(self, messages: list[Msg]) -> None:
        """Apply a delivery, then acknowledge it; after a crash between the two it is skipped as known."""
        if self._broken is None or self._broken.done() or self._apply is None:
            return
        self._applying = True
        try:
            facts = self._dense(messages)
            if facts:
                try:
                    await self._apply(facts)
                except Exception as error:
                    raise NotApplied from error
                self._checkpoint, self._alarm = facts[-1][0], None
            await faults.reach("feed.before_ack")
            await messages[-1].ack_sync(ACK_SECONDS)
        except Exception as error:
            self._break(error)
        finally:
            self._applying, self._moved_at = False, time.monotonic()

    def _dense(self, messages: list[Msg]) -> list[tuple[int, bytes]]:
        """What is new, without a gap. Raises Broken where one is."""
        facts = []
        expected = self._checkpoint + 1
        for message in messages:
            metadata = message.metadata
            sequence = metadata.sequence.stream
            self._last = max(self._last, sequence + metadata.num_pending)
            if sequence < expected:
                continue  # delivered again
            stated = (message.headers or {}).get(POSITION)
            if sequence > expected or stated != str(sequence):
                raise Broken(
                    f"gap: fact {expected} of {self._stream} expected, {sequence} came, marked {stated}"
                )
            facts.append((sequence, message.data))
            expected += 1
        return facts

    def _break(self, why: Exception | str) -> None:
        if self._broken and not self._broken.done():
            self._broken.set_exception(why if isinstance(why, Exception) else Broken(why))

    def _raise_alarm(self, text: str) -> None:
        if text != self._alarm:
            log.warning(
                "feed stopped", stream=self._stream, durable=self._durable, at=self._checkpoint, why=text
            )
        self._alarm = text

    async def _reconnected(self) -> None:
        """A server that was away has forgotten our request."""
        if self._pull.running:
            await self._pull.ask()
