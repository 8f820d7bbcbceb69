"""Which addresses facts may be sent to: of the public internet, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

# IANA's registries of special addresses; what carries another address inside is refused whatever it carries.
_NOT_PUBLIC_4 = tuple(ip_network(one) for one in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
))  # fmt: skip
_PUBLIC_6 = ip_network("2000::/3")
_NOT_PUBLIC_6 = tuple(ip_network(one) for one in (
    "2001::/23",  # Teredo, benchmarks, ORCHID and the rest that is for protocols
    "2001:db8::/32", "3fff::/20",  # documentation
    "2002::/16",  # 6to4
    "2620:4f:8000::/48",  # AS112
))  # fmt: skip
_ISATAP = (0x5EFE, 0x2005EFE)
MOST_URL = 2000


class Forbidden(ValueError):
    """Facts may not be sent there; the message says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`ports` that may be named; `loopback`: this machine may be an endpoint, also without TLS (development)."""

    ports: frozenset[int]
    loopback: bool = False

    def check_url(self, url: str) -> None:
        """Raises Forbidden when nothing may ever be sent to this URL, wherever its name leads."""
        if len(url) > MOST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise Forbidden(f"write it in at most {MOST_URL} ASCII characters, names as IDNA (xn--...)")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise Forbidden("this is no URL") from None
        if parts.scheme not in ("https", "http") or not host:
            raise Forbidden("write https://host/path")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise Forbidden("leave out user, password and #fragment: the signature says who sends")
        here = self.loopback and is_loopback(host)
        if parts.scheme == "http" and not here:
            raise Forbidden("only https: nobody on the way may read or change what is sent")
        if not here and (port if port is not None else 443) not in self.ports:
            raise Forbidden(f"port {port} is not one of {', '.join(map(str, sorted(self.ports)))}")
        try:
            literal = ip_address(host)
        except ValueError:
            if not here and (host.endswith((".localhost", ".local", ".internal")) or "." not in host):
                raise Forbidden(f"{host} is a name of this house, not of the public internet") from None
            return
        self.check([str(literal)])

    def check(self, addresses: Iterable[str]) -> None:
        """Raises Forbidden when one of these may not be sent to: then none of a name is tried."""
        found = list(addresses)
        if not found:
            raise Forbidden("the name has no address")
        for one in found:
            address = ip_address(one)
            if self.loopback and address.is_loopback:
                continue
            if (why := not_public(address)) is not None:
                raise Forbidden(f"the address is {why}, not of the public internet")


def is_loopback(host: str) -> bool:
    """Whether a URL's host is this machine by name or by number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def not_public(address: IPv4Address | IPv6Address) -> str | None:
    """Why this is no address of the public internet; None when it is one."""
    if isinstance(address, IPv4Address):
        return next((f"in {net}" for net in _NOT_PUBLIC_4 if address in net), None)
    if address.ipv4_mapped is not None:
        return "an IPv4 address in IPv6"
    if address.scope_id is not None or address not in _PUBLIC_6:
        return "special in IPv6"
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return "an IPv4 address in IPv6 (ISATAP)"
    return next((f"in {net}" for net in _NOT_PUBLIC_6 if address in net), None)
