"""Starting one of the bench's two services as a process of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.serving import serving

REGION = "uk-london"


@contextmanager
def service_process(
    module: str, name: str, database_url: str, nats_url: str, port: int, parts: str, region: str = REGION
) -> Iterator[None]:
    """Prepared and answering, though not ready: it is without the parts that `parts` leaves out."""
    environment = {
        "ALONGSIDE_DATABASE_URL": database_url,
        "ALONGSIDE_NATS_URL": nats_url,
        "ALONGSIDE_REGION": region,
        "ALONGSIDE_PROFILE": "dev",
        "ALONGSIDE_PORT": str(port),
    }
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        f"bench.ours.{module}",
        "serve",
        "--prepare",
        "--parts",
        parts,
    ]
    with serving(command, environment, f"http://127.0.0.1:{port}/{name}/health"):
        yield
