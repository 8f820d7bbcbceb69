"""A loopback port that is free at the moment."""

import socket
from contextlib import closing


def free_port() -> int:
    """Somebody else may take it before it is used; the one who starts a server there then says so."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
