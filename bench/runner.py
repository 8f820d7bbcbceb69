"""Runs groups: every subject in a database of its own, interleaved in random order, round after round."""

import json
import os
import random
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from uuid import uuid4

from bench.child import Job, Sample
from bench.engines import Engines
from bench.peer_environment import PeerEnvironment
from bench.subject import Group, Runtime, Sizes, Subject

ROOT = Path(__file__).resolve().parent.parent
SETUP_SECONDS = 300.0


@dataclass
class Outcome:
    """One subject's samples, or the reason that there are none."""

    subject: Subject
    rates: list[float] = field(default_factory=list)
    milliseconds: list[list[float]] = field(default_factory=list)
    skipped: str | None = None
    failed: str | None = None


class Skipped(Exception):
    """This subject can't run here, and that is no fault."""


class Failed(Exception):
    """This subject should have run and did not."""


def run(
    group: Group, sizes: Sizes, engines: Engines, peers: PeerEnvironment, say: Callable[[str], None]
) -> list[Outcome]:
    """Measures every subject of the group `rounds` times."""
    outcomes = [Outcome(subject) for subject in group.subjects]
    names = {id(outcome): f"b{uuid4().hex[:10]}" for outcome in outcomes}
    with ExitStack() as stack:
        for outcome in outcomes:
            with _recorded(outcome):
                missing = peers.missing(outcome.subject.runtime)
                if missing:
                    raise Skipped(missing)
                name = names[id(outcome)]
                engines.create_database(name)
                stack.callback(engines.drop_database, name)
                (engines.directory / name).mkdir()
                if outcome.subject.setup:
                    say(f"{group.title}: {outcome.subject.name}, preparing")
                    job = _job(outcome.subject, outcome.subject.setup, name, sizes, engines, peers)
                    _play(outcome.subject, [job], peers, SETUP_SECONDS)
        for number in range(sizes.rounds):
            for outcome in random.sample(outcomes, len(outcomes)):
                if outcome.skipped or outcome.failed:
                    continue
                say(f"{group.title}: round {number + 1}/{sizes.rounds}, {outcome.subject.name}")
                with _recorded(outcome):
                    _measure(outcome, names[id(outcome)], sizes, engines, peers)
    return outcomes


def _measure(outcome: Outcome, name: str, sizes: Sizes, engines: Engines, peers: PeerEnvironment) -> None:
    subject = outcome.subject
    jobs = [
        _job(subject, subject.step, name, sizes, engines, peers, process)
        for process in range(subject.processes)
    ]
    samples = _play(subject, jobs, peers, 60 + 20 * sizes.seconds)
    if "milliseconds" in samples[0]:
        outcome.milliseconds.append(samples[0]["milliseconds"])
    else:
        outcome.rates.append(sum(sample["count"] / sample["seconds"] for sample in samples))


@contextmanager
def _recorded(outcome: Outcome) -> Iterator[None]:
    try:
        yield
    except Skipped as reason:
        outcome.skipped = str(reason)
    except Failed as reason:
        outcome.failed = str(reason)


def _job(
    subject: Subject,
    step: str,
    name: str,
    sizes: Sizes,
    engines: Engines,
    peers: PeerEnvironment,
    process: int = 0,
) -> Job:
    return Job(
        step=step,
        database_url=engines.database_url(name),
        nats_url=engines.nats_url,
        directory=str(engines.directory / name),
        name=name,
        callers=subject.callers,
        process=process,
        processes=subject.processes,
        count=subject.count,
        seconds=sizes.seconds,
        node_modules=str(peers.node_modules),
        extra=subject.extra,
    )


def _play(subject: Subject, jobs: list[Job], peers: PeerEnvironment, limit: float) -> list[Sample]:
    """Starts one child per job, lets them go together once all are ready, and collects their samples."""
    with ExitStack() as stack:
        children = [stack.enter_context(_child(subject, job, peers)) for job in jobs]
        until = time.monotonic() + limit
        for child in children:
            child.answer("ready", until)
        for child in children:
            child.go()
        return [child.answer("sample", until) for child in children]


class _Child:
    def __init__(self, process: "subprocess.Popen[str]", errors: Path) -> None:
        self.process = process
        self.errors = errors

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def answer(self, key: str, until: float) -> Sample:
        """The child's next line, which must hold `key`; Skipped or Failed if it says otherwise."""
        output = self.process.stdout
        assert output is not None
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            if not selector.select(max(0.0, until - time.monotonic())):
                raise Failed(f"no answer in time while waiting for {key}")
        line = output.readline()
        if not line:
            self.process.wait(10)
            tail = self.errors.read_text(errors="replace").strip().splitlines()[-1:]
            raise Failed(
                f"ended with code {self.process.returncode}: {' '.join(tail) or 'nothing on stderr'}"[:300]
            )
        message = json.loads(line)
        if "absent" in message:
            raise Skipped(message["absent"])
        if key not in message:
            raise Failed(f"said {line.strip()[:200]} instead of {key}")
        sample: Sample = message[key] if key == "sample" else {}
        return sample


@contextmanager
def _child(subject: Subject, job: Job, peers: PeerEnvironment) -> Iterator[_Child]:
    arguments = json.dumps(asdict(job))
    if subject.runtime is Runtime.NODE:
        command = ["node", str(ROOT / "bench" / "peers" / subject.module), arguments]
    else:
        python = sys.executable if subject.runtime is Runtime.PROJECT else str(peers.python)
        command = [python, "-W", "ignore", "-m", subject.module, arguments]
    with tempfile.NamedTemporaryFile(dir=job.directory, suffix=".err") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
        try:
            yield _Child(process, Path(errors.name))
        finally:
            # The child leads a session of its own: whatever it started goes with it.
            with suppress(subprocess.TimeoutExpired):
                if process.stdin is not None:
                    process.stdin.close()
                process.wait(5)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
