"""Streams and durables as they must be: the same configuration whoever makes them, mended when it drifted."""

from dataclasses import dataclass
from typing import Any

import structlog
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    ReplayPolicy,
    RetentionPolicy,
    StorageType,
    StoreCompression,
    StreamConfig,
)
from nats.js.errors import APIError, NotFoundError

from shared.kernel.envelope import stream_name

BATCH = 500
"""Facts of one delivery."""
MOST_UNDER_WAY = 4 * BATCH
"""Facts delivered and not acknowledged: the next deliveries travel while one is applied. Where a reader goes on
after a crash is no matter of them, since it resets its durable to its own checkpoint."""
LARGEST_MESSAGE = 1 << 20
"""Bytes of a message with its headers. A larger fact would stop the stream for ever."""
DEDUPE_SECONDS = 10
"""Only a safety net, since the chained sequence fences; the server keeps every id this long in memory."""
ACK_SECONDS = 30

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What was done: `made` anew, settings `mended`, settings that the server would not change (`drift`)."""

    name: str
    made: bool = False
    mended: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()


def stream_config(region: str, service: str, replicas: int = 1) -> StreamConfig:
    """The stream of one service in one region: complete, append-only, its sequence the store's position."""
    return StreamConfig(
        name=stream_name(region, service),
        description=f"Facts of {service} in {region}, in the order of its store",
        subjects=[f"alongside.{region}.*.{service}.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        num_replicas=replicas,
        compression=StoreCompression.S2,
        allow_direct=True,
        allow_atomic=True,
        discard=DiscardPolicy.NEW,
        deny_delete=True,
        deny_purge=True,
        max_msg_size=LARGEST_MESSAGE,
        max_msgs=-1,
        max_bytes=-1,
        max_age=0,
        duplicate_window=DEDUPE_SECONDS,
        metadata={"alongside-region": region, "alongside-service": service},
    )


def durable_config(durable: str) -> ConsumerConfig:
    """A durable that delivers every fact in order and takes one acknowledgement for all up to it."""
    return ConsumerConfig(
        name=durable,
        durable_name=durable,
        deliver_policy=DeliverPolicy.ALL,
        replay_policy=ReplayPolicy.INSTANT,
        ack_policy=AckPolicy.ALL,
        ack_wait=ACK_SECONDS,
        max_ack_pending=MOST_UNDER_WAY,
        max_deliver=-1,
    )


async def provision_stream(js: JetStreamContext, region: str, service: str, replicas: int = 1) -> Provisioned:
    """Make a service's stream, or mend its settings. Anybody may: the names decide the configuration."""
    wanted = stream_config(region, service, replicas)
    name = stream_name(region, service)
    try:
        found = (await js.stream_info(name)).config
    except NotFoundError:
        await js.add_stream(wanted)
        return Provisioned(name, made=True)
    # how many replicas is the operator's to change while it runs
    wanted.num_replicas = found.num_replicas
    differing = _differences(wanted.as_dict(), found.as_dict())
    if not differing:
        return Provisioned(name)
    try:
        await js.update_stream(wanted)
    except APIError as refused:
        log.warning("stream setting can't be mended", stream=name, settings=differing, why=str(refused))
        return Provisioned(name, drift=differing)
    log.info("stream mended", stream=name, settings=differing)
    return Provisioned(name, mended=differing)


async def provision_durable(js: JetStreamContext, region: str, source: str, durable: str) -> Provisioned:
    """Make a durable on the stream of `source`, or mend it. Raises NotFoundError when the stream is missing.

    Where the server can't change a setting the durable is made anew: the checkpoint in the reader's database
    says where to go on, so nothing is lost with it.
    """
    stream, wanted = stream_name(region, source), durable_config(durable)
    try:
        found = (await js.consumer_info(stream, durable)).config
    except NotFoundError:
        await js.add_consumer(stream, wanted)
        return Provisioned(durable, made=True)
    differing = _differences(wanted.as_dict(), found.as_dict())
    if found.filter_subject or found.filter_subjects:
        differing += ("filter_subject",)
    if not differing:
        return Provisioned(durable)
    try:
        await js.add_consumer(stream, wanted)
    except APIError:
        await js.delete_consumer(stream, durable)
        await js.add_consumer(stream, wanted)
    log.info("durable mended", stream=stream, durable=durable, settings=differing)
    return Provisioned(durable, mended=differing)


def _differences(wanted: dict[str, Any], found: dict[str, Any]) -> tuple[str, ...]:
    """Names of the settings that are not as wanted. The server adds metadata and drops empty values."""
    names = []
    for name, value in wanted.items():
        there = found.get(name)
        if isinstance(value, dict) and isinstance(there, dict):
            there = {key: there[key] for key in there if key in value}
        if (value or there) and value != there:
            names.append(name)
    return tuple(names)
