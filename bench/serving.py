"""A server as a child process, ready when its address answers, stopped on the way out."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from urllib.error import URLError
from urllib.request import urlopen

START_SECONDS = 40
STOP_SECONDS = 10


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str], ready_url: str) -> Iterator[None]:
    """RuntimeError when it ends or stays unready. What it prints goes to stderr."""
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=2)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            with suppress(URLError, OSError), urlopen(ready_url, timeout=2):
                break
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{' '.join(command[1:6])} does not answer on {ready_url}")
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
