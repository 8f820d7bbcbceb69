"""Which loopback ports the house uses, and what to say when one is taken."""

import socket
from collections.abc import Iterable, Mapping

HOST = "127.0.0.1"
BASE = 8600
# Offsets from the base; a name keeps its place when services are added.
OFFSETS = {
    "console": 0,
    "assignments": 1,
    "sessions": 2,
    "training": 3,
    "notifications": 4,
    "audit": 5,
    "postgres": 10,
    "nats": 11,
    "nats-monitor": 12,
    "mail": 13,
    "witness": 14,
}
ENGINES = ("postgres", "nats", "nats-monitor", "mail", "witness")


class PortTaken(Exception):
    """Another program listens where one of ours should."""


def numbered(base: int, explicit: Mapping[str, int]) -> dict[str, int]:
    """Ports from a base, with some of them named explicitly."""
    return {name: explicit.get(name, base + offset) for name, offset in OFFSETS.items()}


def free(names: Iterable[str]) -> dict[str, int]:
    """Ports free right now, all different. Another program may still take one before it is used."""
    held = []
    try:
        for _ in names:
            listener = socket.socket()
            held.append(listener)
            listener.bind((HOST, 0))
        return dict(zip(names, (listener.getsockname()[1] for listener in held), strict=True))
    finally:
        for listener in held:
            listener.close()


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def refuse_taken(ports: Mapping[str, int]) -> None:
    """Raises PortTaken naming every taken port and the options that change it."""
    taken = {name: port for name, port in ports.items() if is_taken(port)}
    if taken:
        listed = ", ".join(f"{port} ({name})" for name, port in taken.items())
        first = next(iter(taken))
        raise PortTaken(
            f"port taken: {listed}. Choose others with --port {first}=NUMBER or --port-base NUMBER."
        )
