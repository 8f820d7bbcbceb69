"""PostgreSQL 18 on a loopback port, with durability on."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg

from deploy.engines.binaries import let_in, postgres_bin, readable, unprivileged
from deploy.ports import HOST
from deploy.processes import TAG, Child, group_of, runs

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # Compiling a query costs 25 ms and our statements take less than one.
    "jit": "off",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "unix_socket_directories": "",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_checkpoints": "off",
    "cluster_name": "alongside",
}


class EngineFailed(Exception):
    """An engine ended or stayed silent while it was being started."""


class Postgres:
    """One server in `data/postgres`; `password` is the superuser's, used when the cluster is first made."""

    def __init__(self, data: Path, port: int, password: str) -> None:
        self.bin, self.pgdata, self.port, self.password = postgres_bin(), data / "postgres", port, password
        self.user = unprivileged()
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        self.child = Child(
            "postgres",
            [str(self.bin / "postgres"), "-D", str(self.pgdata), "-h", HOST, "-p", str(port), *options],
            log=data / "logs" / "postgres.log",
            env={TAG: str(data), "TZ": "UTC"},
            cwd=self.pgdata,
            user=self.user,
            stop_signal=signal.SIGINT,  # fast shutdown: ends sessions, keeps what was committed
        )

    @property
    def url(self) -> str:
        """Superuser URL."""
        return f"postgresql://postgres:{self.password}@{HOST}:{self.port}/postgres"

    def make_cluster(self) -> None:
        """Runs initdb beside the final place and renames, so an interrupted one leaves nothing half made."""
        readable(self.user, self.bin)
        if (self.pgdata / "PG_VERSION").exists():
            let_in(self.user, self.pgdata.parent)
            return
        unfinished = self.pgdata.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        let_in(self.user, unfinished.parent)
        secret = unfinished.with_name("postgres.secret")
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if self.user is not None:
            shutil.chown(unfinished, self.user, group_of(self.user))
            shutil.chown(secret, self.user)
        command = [
            str(self.bin / "initdb"),
            "-D",
            str(unfinished),
            "--username=postgres",
            f"--pwfile={secret}",
        ]
        command += [
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
        ]
        try:
            made = subprocess.run(
                [*command, "--no-instructions"],
                capture_output=True,
                text=True,
                cwd=unfinished,
                user=self.user,
                group=group_of(self.user),
                extra_groups=None if self.user is None else [],
                env={**os.environ, "LC_ALL": "C"},
                check=False,
            )
        finally:
            secret.unlink()
        if made.returncode != 0:
            raise EngineFailed(f"initdb failed: {made.stderr.strip()[-2000:]}")
        unfinished.rename(self.pgdata)

    def start(self, seconds: float = 30) -> None:
        """Makes the cluster if there is none, starts the server and returns when it answers."""
        self.make_cluster()
        self.spawn()
        self.wait_ready(seconds)

    def spawn(self) -> None:
        self.wait_for_old_backends(time.monotonic() + 10)
        self.forget_dead_holder()
        self.child.start()

    def wait_ready(self, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not self.answers():
            if self.child.pid is None:
                raise EngineFailed(f"PostgreSQL ended at its start:\n{self.child.last_words()}")
            if time.monotonic() > until:
                raise EngineFailed(
                    f"PostgreSQL is not ready after {seconds:.0f} s:\n{self.child.last_words()}"
                )
            time.sleep(0.03)

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def wait_for_old_backends(self, until: float) -> None:
        """After a kill -9 its children hold the shared memory for a moment, and a new server would refuse."""
        while time.monotonic() < until:
            if not any(runs_in(process, self.pgdata) for process in psutil.process_iter(["name"])):
                return
            time.sleep(0.05)

    def forget_dead_holder(self) -> None:
        """Removes the lock file of a process that ended but was never collected: it would pass for running.

        Safe, since the data directory's own lock is ours and nothing that runs has its cluster open.
        """
        file = self.pgdata / "postmaster.pid"
        try:
            holder = psutil.Process(int(file.read_text().split("\n")[0]))
            dead = not runs(holder) or holder.name() != "postgres"
        except (FileNotFoundError, ValueError):
            return
        except psutil.NoSuchProcess:
            dead = True
        if dead:
            file.unlink()


def runs_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.info["name"] == "postgres" and process.cwd() == str(folder)
    except (psutil.Error, OSError):
        return False
