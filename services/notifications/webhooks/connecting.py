"""Connections that go only where the rule allows: the address that was checked is the one that is dialled."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable

from services.notifications.webhooks.addresses import Rule
from services.notifications.webhooks.exchange import Broken, Exchange

CONNECT_SECONDS = 5.0

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Every address of a name."""
Dial = Callable[[str, int, ssl.SSLContext | None, str], Awaitable[Exchange]]
"""Connects to an address; with TLS as the host of that name. Raises OSError."""


async def resolve(host: str, port: int) -> list[str]:
    """As this machine resolves names. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def dial(address: str, port: int, tls: ssl.SSLContext | None, host: str) -> Exchange:
    """A connection to this address and no other: no name is looked up, no proxy asked."""
    loop = asyncio.get_running_loop()
    name = host if tls is not None else None
    _, exchange = await loop.create_connection(Exchange, address, port, ssl=tls, server_hostname=name)
    return exchange


async def connect(
    rule: Rule,
    host: str,
    port: int,
    tls: ssl.SSLContext | None,
    *,
    resolve: Resolve = resolve,
    dial: Dial = dial,
) -> Exchange:
    """Look the name up once, check all its addresses, connect to one of them.

    A resolver that answers something else a moment later changes nothing. What the receiver sees as host, and in
    TLS, stays the name. Raises Forbidden, Broken, ssl.SSLError, TimeoutError.
    """
    async with asyncio.timeout(CONNECT_SECONDS):
        try:
            addresses = await resolve(host, port)
        except OSError:
            raise Broken("the name is not known") from None
        rule.check(addresses)
        for address in addresses:
            try:
                return await dial(address, port, tls, host)
            except ssl.SSLError:
                raise
            except OSError:
                continue
    raise Broken("nobody answers there")
