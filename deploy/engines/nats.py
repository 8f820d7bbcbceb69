"""nats-server 2.15 with JetStream on a loopback port, syncing every write."""

import json
import socket
import time
from pathlib import Path

from deploy.engines.binaries import nats_server
from deploy.engines.postgres import EngineFailed
from deploy.ports import HOST
from deploy.processes import TAG, Child

CONFIG = """\
# Written at each start; change the port with --port, keep your own server with --nats-url.
server_name: alongside
listen: "{host}:{port}"
http: "{host}:{monitor}"
max_payload: 8MB
jetstream {{
  store_dir: {store}
  # The default syncs every two minutes and loses acknowledged messages when the power fails.
  sync_interval: always
}}
"""


def configuration(host: str, port: int, monitor: int, store: str, accounts: str | None = None) -> str:
    """The server's configuration file; `store` is the folder JetStream writes to, `accounts` a file beside this
    one that says who may do what; without it everybody may do everything."""
    text = CONFIG.format(host=host, port=port, monitor=monitor, store=json.dumps(store))
    return f"{text}include {json.dumps(accounts)}\n" if accounts else text


class Nats:
    """One server storing in `data/nats`, with its monitoring on a second loopback port.

    `accounts` is the name of a file in that folder, for whoever starts it to write.
    """

    def __init__(self, data: Path, port: int, monitor: int, accounts: str | None = None) -> None:
        self.accounts = accounts
        self.folder, self.port, self.monitor = data / "nats", port, monitor
        self.child = Child(
            "nats",
            [str(nats_server()), "--config", str(self.folder / "nats.conf")],
            log=data / "logs" / "nats.log",
            env={TAG: str(data)},
        )

    @property
    def url(self) -> str:
        return f"nats://{HOST}:{self.port}"

    @property
    def monitor_url(self) -> str:
        return f"http://{HOST}:{self.monitor}"

    def start(self, seconds: float = 30) -> None:
        """Writes the configuration, starts the server and returns when JetStream answers."""
        self.configure()
        self.spawn()
        self.wait_ready(seconds)

    def configure(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = configuration(HOST, self.port, self.monitor, str(self.folder), self.accounts)
        (self.folder / "nats.conf").write_text(text)

    def spawn(self) -> None:
        self.child.start()

    def wait_ready(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not greeting(HOST, self.port).get("jetstream"):
            if self.child.pid is None:
                raise EngineFailed(f"nats-server ended at its start:\n{self.child.last_words()}")
            if time.monotonic() > until:
                raise EngineFailed(
                    f"nats-server is not ready after {seconds:.0f} s:\n{self.child.last_words()}"
                )
            time.sleep(0.02)


def greeting(host: str, port: int) -> dict[str, object]:
    """What a nats-server says of itself on connecting (version, jetstream, max_payload); {} if silent."""
    try:
        with socket.create_connection((host, port), timeout=2) as line:
            first = line.makefile("rb").readline()
    except OSError:
        return {}
    found = json.loads(first.removeprefix(b"INFO ")) if first.startswith(b"INFO ") else {}
    return found if isinstance(found, dict) else {}
