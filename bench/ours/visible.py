"""From a POST at one service to the row in another service's read model, each in a process of its own."""

import asyncio
import json
import socket
import time
import uuid
from contextlib import ExitStack, closing
from uuid import UUID

import psycopg
from psycopg import sql

import shared.kernel.process  # noqa: F401  (absent: the step is not built yet)
from bench.child import Go, Job, Sample
from bench.ours.catch_up import empty
from bench.ours.http import requests
from bench.ours.processes import service_process
from bench.ports import free_port

WARM_UP = 10
PAUSE_SECONDS = 0.01
LOST_SECONDS = 5


async def visible(job: Job, go: Go) -> Sample:
    region, reader_name = f"{job.name}-{uuid.uuid4().hex[:6]}", f"{job.name}r{uuid.uuid4().hex[:6]}"
    reader_url = f"{job.database_url.rpartition('/')[0]}/{reader_name}"
    with ExitStack() as stack:
        admin = stack.enter_context(psycopg.connect(job.database_url, autocommit=True))
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(reader_name)))
        await asyncio.to_thread(empty, reader_url)
        writer_port, reader_port = free_port(), free_port()
        for module, name, url, port, parts in (
            ("writer", "bench", job.database_url, writer_port, "api,relay"),
            ("reader", "reader", reader_url, reader_port, "projector"),
        ):
            stack.enter_context(service_process(module, name, url, job.nats_url, port, parts, region))
        model = stack.enter_context(psycopg.connect(reader_url, autocommit=True))
        line = stack.enter_context(closing(socket.create_connection(("127.0.0.1", writer_port))))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        make = requests(writer_port, region)
        go()
        taken = []
        for number in range(job.count + WARM_UP):
            started = time.perf_counter()
            line.sendall(make())
            stream = created(line)
            while not model.execute("select 1 from model where aggregate = %s", (stream,)).fetchone():
                if time.perf_counter() - started > LOST_SECONDS:
                    raise RuntimeError("a fact never became visible")
            if number >= WARM_UP:
                taken.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(PAUSE_SECONDS)
    return Sample(milliseconds=taken)


def created(line: socket.socket) -> UUID:
    """The id in the answer. RuntimeError when it is not a 201."""
    answer = b""
    while not answer.endswith(b"}"):
        answer += line.recv(65_536)
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 201 " not in head[:20]:
        raise RuntimeError(answer[:300].decode(errors="replace"))
    return UUID(json.loads(body)["id"])
