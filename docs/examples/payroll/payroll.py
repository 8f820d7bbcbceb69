"""Payroll, as an outsider runs it: facts in from NATS, one file for each closed pay period out, exactly once.

    python payroll.py --credentials payroll.nk --into paid            # goes on until Ctrl-C
    python payroll.py --credentials payroll.nk --into again --replay  # everything from the beginning

The credentials are what `alongside integrator add payroll` printed.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nats
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NothingCame
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError
from sheet import KEPT, PRIVACY, Fact, settled

SERVICE, VERSION = "sessions", "v1"
AT_ONCE = 100
ACK_SECONDS = 30


class Book:
    """The facts kept, each once, in one SQLite file: whatever else we write can be made again from it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        # Without autocommit's surprises; the default journal survives kill -9 at any moment.
        self._db = sqlite3.connect(folder / "payroll.sqlite")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS facts(position INTEGER PRIMARY KEY, name TEXT, said TEXT)"
        )
        self._open = self._unsettled()
        self.publish()

    def keep(self, facts: list[Fact]) -> None:
        """In one transaction. A fact that was kept before is left as it is: its position says that it was."""
        with self._db:
            rows = [(fact.position, fact.name, json.dumps(fact.said)) for fact in facts]
            self._db.executemany("INSERT OR IGNORE INTO facts VALUES (?, ?, ?)", rows)
        self._open = self._open or any(fact.name == "PayPeriodClosed" for fact in facts)
        self.publish()

    def last(self, name: str) -> int:
        """The position of the last fact of that name; 0 without one."""
        (found,) = self._db.execute("SELECT max(position) FROM facts WHERE name = ?", (name,)).fetchone()
        return found or 0

    def publish(self) -> None:
        """A file for each closed period that is whole; one that is there already is never written again."""
        if not self._open:
            return
        for ends_on, text in settled(self.facts()):
            file = self.folder / f"pay-{ends_on}.csv"
            if not file.exists():
                _write(file, text)
                print(f"paid the period up to {ends_on}: {text.count(chr(10)) - 1} lines", flush=True)
        self._open = self._unsettled()

    def facts(self) -> Iterator[Fact]:
        for position, name, said in self._db.execute("SELECT * FROM facts ORDER BY position"):
            yield Fact(position, name, json.loads(said))

    def _unsettled(self) -> bool:
        closed = [fact.said["ends_on"] for fact in self.facts() if fact.name == "PayPeriodClosed"]
        return any(not (self.folder / f"pay-{ends_on}.csv").exists() for ends_on in closed)


def _write(file: Path, text: str) -> None:
    """Whole or not at all: written beside it, forced to the disk, then renamed."""
    beside = file.with_suffix(".new")
    with beside.open("w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


class Source:
    """Our durables on the stream of the sessions service: one for each kind of fact, as our account allows."""

    def __init__(self, said: argparse.Namespace) -> None:
        self._said = said
        self._stream = f"EV_{said.region}_{SERVICE}".upper().replace("-", "_")
        # In our account the region's API has a name of its own, and holds what we were granted, nothing else.
        self._api = f"JS.{said.region}.API".upper().replace("-", "_")

    async def run(self, book: Book) -> None:
        """Until it is stopped. The server going away is waited for; being refused ends it."""

        async def tell(error: Exception) -> None:
            # What our account does not allow is said here and nowhere else.
            print(f"nats: {error!r}", file=sys.stderr, flush=True)

        connection = await nats.connect(
            self._said.url,
            name=self._said.name,
            max_reconnect_attempts=-1,
            error_cb=tell,
            **_credentials(self._said.credentials),
        )
        self._js = connection.jetstream(prefix=self._api, timeout=10)
        async with asyncio.TaskGroup() as tasks:
            for name in KEPT:
                tasks.create_task(self._follow(name, book))

    async def _follow(self, name: str, book: Book) -> None:
        """One kind of fact: fetch, keep, and only then acknowledge."""
        durable = await self._durable(name, book)
        subscription = await self._js.pull_subscribe_bind(durable, self._stream)
        while True:
            try:
                messages = await subscription.fetch(AT_ONCE, timeout=30)
            except NothingCame:
                continue
            book.keep([_fact(name, message) for message in messages])
            for message in messages:
                await message.ack()

    async def _durable(self, name: str, book: Book) -> str:
        """Its name. At each start it is made anew at the place that it remembers, so that what was under way when we
        were killed comes at once. But our book is the truth: if the durable remembers more than the book has (an
        older copy was put back) or there is none, everything comes again, and what we have is passed by."""
        durable, begin = f"{self._said.name}-{SERVICE}-{name}-{VERSION}", 1
        with contextlib.suppress(NotFoundError):
            found = await self._js.consumer_info(self._stream, durable)
            acknowledged = found.ack_floor.stream_seq if found.ack_floor else 0
            if acknowledged <= book.last(name) and not self._said.replay:
                begin = acknowledged + 1
            await self._js.delete_consumer(self._stream, durable)
        config = ConsumerConfig(
            name=durable,
            durable_name=durable,
            filter_subject=f"alongside.{self._said.region}.{PRIVACY[name]}.{SERVICE}.{name}.{VERSION}.>",
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=begin,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_SECONDS,
            max_ack_pending=5 * AT_ONCE,
        )
        await self._js.add_consumer(self._stream, config)
        return durable


def _fact(name: str, message: Msg) -> Fact:
    """A CloudEvent, of which we keep what we need. Fields that we don't know are passed over."""
    data = json.loads(message.data)["data"]
    return Fact(message.metadata.sequence.stream, name, {field: data[field] for field in KEPT[name]})


def _credentials(file: Path) -> dict[str, Any]:
    """An NKEY seed (a house on one machine), or a .creds file with a JWT (production)."""
    return {"user_credentials" if "JWT" in file.read_text() else "nkeys_seed": str(file)}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--url", default="nats://127.0.0.1:8611")
    asked.add_argument("--credentials", type=Path, required=True)
    asked.add_argument("--name", default="payroll", help="our name at the agency")
    asked.add_argument("--region", default="uk-london")
    asked.add_argument("--into", type=Path, default=Path("paid"))
    asked.add_argument(
        "--replay", action="store_true", help="ask for every fact again; --into an empty folder"
    )
    said = asked.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Source(said).run(Book(said.into)))


if __name__ == "__main__":
    main()
