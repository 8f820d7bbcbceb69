"""The connection to NATS: never given up, its errors never swallowed, the server's settings checked."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import structlog
from nats.aio.client import Client, RawCredentials
from nats.errors import Error
from nats.js.errors import ServiceUnavailableError

OLDEST_SERVER = (2, 15)
RECONNECT_SECONDS = 0.2
PING_SECONDS = 10

log = structlog.get_logger(__name__)


class UnfitServer(Exception):
    """The NATS server can't carry facts safely; the message says what to change."""


async def connect(url: str, part: str, seed: str | None = None) -> Client:
    """A connection named after the `part` that uses it (`assignments-relay`); waits until a server answers.

    It reconnects for ever, and its inboxes are `_INBOX.<part>.*`, so that a part's permissions can name them.
    `seed` says who it is: the seed of an NKEY user, or the text of a credentials file; none for a server
    without users.
    """
    connection = Client()

    async def lost() -> None:
        if not connection.is_closed:
            log.warning("nats connection lost", part=part)

    async def back() -> None:
        log.info("nats connection back", part=part)

    await connection.connect(
        url,
        name=part,
        inbox_prefix=inbox(part),
        max_reconnect_attempts=-1,
        reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]
        ping_interval=PING_SECONDS,
        error_cb=errors_of(part),
        disconnected_cb=lost,
        reconnected_cb=back,
        **identity(seed),
    )
    return connection


def identity(seed: str | None) -> dict[str, Any]:
    """What the library must be told for the server to know who connects."""
    if not seed:
        return {}
    if "NATS USER JWT" in seed:
        return {"user_credentials": RawCredentials(seed)}
    return {"nkeys_seed_str": seed}


def inbox(part: str) -> str:
    """The inbox prefix of a part; a subject token can't hold everything a name can."""
    return f"_INBOX.{re.sub(r'[^A-Za-z0-9_-]', '_', part)}"


def errors_of(part: str) -> Callable[[Exception], Awaitable[None]]:
    """Logs what the server complains about (a permission denied appears nowhere else), repetitions once."""
    last = ""

    async def log_error(error: Exception) -> None:
        nonlocal last
        text = str(error) or type(error).__name__
        if text != last:
            log.warning("nats error", part=part, error=text)
        last = text

    return log_error


async def assert_settings(connection: Client, monitor_url: str | None = None) -> dict[str, str]:
    """What was found of the server's settings. Raises UnfitServer when facts would not be safe with it.

    Version and JetStream can be asked by any client. `sync_interval` is shown only by the monitoring port
    (`monitor_url`) or to the system account, so without it the answer says "not seen".
    """
    version = connection.connected_server_version
    if (version.major, version.minor) < OLDEST_SERVER:
        raise UnfitServer(f"nats-server is {version.major}.{version.minor}; at least 2.15 is needed")
    try:
        await connection.jetstream().account_info()
    except (ServiceUnavailableError, Error) as error:
        raise UnfitServer(f"JetStream does not answer ({error!r}); enable it on the server") from error
    found = {"version": f"{version.major}.{version.minor}.{version.patch}", "sync": "not seen"}
    if monitor_url:
        async with httpx.AsyncClient(base_url=monitor_url, timeout=2, trust_env=False) as client:
            settings = (await client.get("/varz")).json()["jetstream"]["config"]
        if not settings.get("sync_always"):
            raise UnfitServer("set `sync_interval: always`, or a power failure loses facts it acknowledged")
        found["sync"] = "always"
    return found
