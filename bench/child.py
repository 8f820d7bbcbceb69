"""The child's side of a measurement: prepare, say ready, wait, report. Standard library only."""

import asyncio
import inspect
import json
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict


class Sample(TypedDict, total=False):
    """What one run did: `count` things in `seconds`, or each thing's `milliseconds`."""

    count: int
    seconds: float
    milliseconds: list[float]


class Absent(Exception):
    """What this would measure is not here, and that is no fault."""


class NotBuiltYet(Absent):
    """The part of the project that this measures does not exist yet."""

    def __str__(self) -> str:
        return f"not built yet: {super().__str__()}"


@dataclass(frozen=True)
class Job:
    """What the parent asks for, and where the engines are."""

    step: str
    database_url: str
    nats_url: str
    directory: str
    name: str
    callers: int = 1
    process: int = 0
    processes: int = 1
    count: int = 0
    seconds: float = 1.0
    node_modules: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


Go = Callable[[], None]
Step = Callable[[Job, Go], Sample] | Callable[[Job, Go], Awaitable[Sample]]


_answers = 1


def _say(message: Mapping[str, object]) -> None:
    os.write(_answers, json.dumps(message).encode() + b"\n")


def _keep_stdout_clean() -> None:
    """The answers get the first stdout to themselves: whatever a library prints or logs goes to stderr."""
    global _answers
    _answers = os.dup(1)
    os.dup2(2, 1)


def _go() -> None:
    """Blocks until every process of the subject is ready; a parent that is gone ends the child."""
    _say({"ready": True})
    if not sys.stdin.readline():
        raise SystemExit(3)


def main(steps: Mapping[str, Step]) -> None:
    """Runs the step that the job on the command line names, and prints its sample as one line of JSON."""
    _keep_stdout_clean()
    job = Job(**json.loads(sys.argv[1]))
    try:
        step = steps[job.step]
        if inspect.iscoroutinefunction(step):
            import uvloop

            sample = uvloop.run(step(job, _go))
        else:
            sample = step(job, _go)
    except Absent as missing:
        _say({"absent": str(missing)})
        return
    _say({"sample": sample})


async def closed_loop(job: Job, one: Callable[[int, int], Awaitable[object]]) -> Sample:
    """`callers` coroutines, each with one thing under way at a time, until the time is over."""
    done = 0

    async def caller(number: int) -> None:
        nonlocal done
        turn = 0
        while time.perf_counter() < until:
            await one(number, turn)
            turn += 1
            done += 1

    started = time.perf_counter()
    until = started + job.seconds
    await asyncio.gather(*(caller(number) for number in range(job.callers)))
    return Sample(count=done, seconds=time.perf_counter() - started)


def closed_loop_threads(job: Job, one: Callable[[int, int], object]) -> Sample:
    """The same with threads, for libraries that block. The first error of any thread is raised."""
    done = [0] * job.callers
    errors: list[BaseException] = []

    def caller(number: int) -> None:
        try:
            while time.perf_counter() < until and not errors:
                one(number, done[number])
                done[number] += 1
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(job.callers)]
    started = time.perf_counter()
    until = started + job.seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return Sample(count=sum(done), seconds=time.perf_counter() - started)
