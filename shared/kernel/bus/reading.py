"""Readers that leave no trace: of known names, so that permissions can list them, and each for one reader only."""

import json
from collections.abc import Sequence
from uuid import uuid4

from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import APIError

SLOTS = 16
AUDIT_READERS = ("audit", "audit-1", "audit-2", "audit-3")
_TAKEN = 10148


class AllTaken(Exception):
    """As many readers as are allowed read this stream already."""


def slots(part: str) -> tuple[str, ...]:
    """What the readers of a part (`sessions-rebuild`) may be called; each process that reads has one."""
    return tuple(f"{part}-{slot}" for slot in range(SLOTS))


async def reader(
    js: JetStreamContext, stream: str, names: Sequence[str], config: ConsumerConfig
) -> tuple[str, JetStreamContext.PullSubscription]:
    """A new consumer under the first name that nobody has, and its subscription. Raises AllTaken.

    Whoever reads deletes it; the server does after its `inactive_threshold`.
    """
    for name in names:
        # the same settings again would be the same consumer to the server, and two would share it
        config.name, config.metadata = name, {"alongside-reader": uuid4().hex}
        asked = {"stream_name": stream, "config": config.as_dict(), "action": "create"}
        try:
            await js._api_request(
                f"{js._prefix}.CONSUMER.CREATE.{stream}.{name}",
                json.dumps(asked).encode(),
                timeout=js._timeout,
            )
        except APIError as refused:
            if refused.err_code != _TAKEN:
                raise
            continue
        return name, await js.pull_subscribe_bind(stream=stream, name=name)
    raise AllTaken(f"{stream} is read under all of {', '.join(names)}; try again later")
