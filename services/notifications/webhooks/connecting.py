"""Connections that go only where the rule allows: the address that was checked is the one that is dialled."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable

import httpcore

from services.notifications.webhooks.addresses import Forbidden, Rule

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Every address of a name."""


class OutOfBounds(httpcore.ConnectError):
    """The name led to an address that facts may not be sent to."""


async def resolve(host: str, port: int) -> list[str]:
    """As this machine resolves names. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Pinned(httpcore.AsyncNetworkBackend):
    """Looks a name up once for each connection, checks all its addresses, and connects to one of those.

    A resolver that answers something else a moment later changes nothing: the name is not looked up again. What
    the receiver sees as host and in TLS stays the name.
    """

    def __init__(self, rule: Rule, resolve: Resolve = resolve) -> None:
        self._rule, self._resolve = rule, resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
            self._rule.check(addresses)
        except TimeoutError:
            raise httpcore.ConnectTimeout("the name was not found in time") from None
        except OSError:
            raise httpcore.ConnectError("the name is not known") from None
        except Forbidden as forbidden:
            raise OutOfBounds(str(forbidden)) from None
        failed: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError("nobody answers there")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise OutOfBounds("no endpoint is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
