"""UmaDB: its own server on the same disk, its own client from threads."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import umadb

from bench import facts
from bench.child import Go, Job, Sample, closed_loop_threads, main
from bench.ports import free_port


@contextmanager
def server(job: Job) -> Iterator[str]:
    """The server over this subject's own file, answering."""
    address = f"127.0.0.1:{free_port()}"
    binary = Path(sys.executable).with_name("umadb")
    command = [str(binary), "--listen", address, "--db-path", f"{job.directory}/uma.db"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while True:
            try:
                umadb.Client(f"http://{address}").head()
                break
            except Exception:
                if time.monotonic() > until or process.poll() is not None:
                    raise
                time.sleep(0.05)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(10)


def fact(number: int) -> umadb.Event:
    return umadb.Event(
        event_type=facts.TYPE, data=facts.SAMPLES[number % facts.AGGREGATES], tags=[f"session:{uuid4()}"]
    )


def setup(job: Job, go: Go) -> Sample:
    with server(job) as url:
        client = umadb.Client(url)
        for first in range(0, job.count, 1_000):
            client.append([fact(number) for number in range(first, min(first + 1_000, job.count))])
    go()
    return Sample(count=job.count, seconds=1.0)


def append(job: Job, go: Go) -> Sample:
    with server(job) as url:
        clients = [umadb.Client(url) for _ in range(job.callers)]
        clients[0].append([fact(0)])
        go()
        return closed_loop_threads(job, lambda caller, turn: clients[caller].append([fact(turn)]))


def read(job: Job, go: Go) -> Sample:
    with server(job) as url:
        client = umadb.Client(url)
        go()
        started = time.perf_counter()
        done = sum(1 for _ in client.read())
        return Sample(count=done, seconds=time.perf_counter() - started)


if __name__ == "__main__":
    main({"setup": setup, "append": append, "read": read})
