"""The eventsourcing library as its documents show it: its PostgreSQL recorder and its ProjectionRunner."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Composed

from bench import facts
from bench.child import Go, Job, Sample, closed_loop_threads, main

FACT = {
    name: value for name, value in facts.envelope(1).items() if name not in ("id", "time", "type", "subject")
}
TABLE = """create table if not exists model(
    aggregate uuid primary key, facts int not null, minutes bigint not null)"""


class Session(Aggregate):
    @event("Logged")
    def __init__(self, fact: dict[str, Any]) -> None:
        self.minutes = fact["data"]["minutes"]


class Sessions(Application[UUID]):
    name = "sessions"


class Model(PostgresTrackingRecorder):
    """A read model of the library's own kind: the row and the tracking in one transaction."""

    def __init__(self, datastore: PostgresDatastore, **kwargs: Any) -> None:
        super().__init__(datastore, **kwargs)
        self.sql_create_statements.append(Composed([SQL(TABLE)]))

    def add(self, aggregate: UUID, minutes: int, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                """insert into model values (%s, 1, %s) on conflict (aggregate) do update
                   set facts = model.facts + 1, minutes = model.minutes + excluded.minutes""",
                (aggregate, minutes),
                prepare=True,
            )

    def rows(self) -> int:
        with self.datastore.transaction(commit=False) as cursor:
            row = cursor.execute("select count(*) as n from model").fetchone()
            return int(row["n"]) if row else 0


class Minutes(Projection[Model]):
    name = "minutes"
    topics: tuple[str, ...] = ()

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.add(domain_event.originator_id, domain_event.fact["data"]["minutes"], tracking)


def environment(job: Job) -> dict[str, str]:
    place = urlsplit(job.database_url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": place.path.strip("/"),
        "POSTGRES_HOST": str(place.hostname),
        "POSTGRES_PORT": str(place.port),
        "POSTGRES_USER": str(place.username),
        "POSTGRES_PASSWORD": str(place.password),
        "POSTGRES_POOL_SIZE": "10",
        "POSTGRES_MAX_OVERFLOW": "10",
        **({"POSTGRES_ENABLE_DB_FUNCTIONS": "y"} if job.extra.get("functions") else {}),
    }


@contextmanager
def application(job: Job) -> Iterator[Sessions]:
    app = Sessions(environment(job))
    try:
        yield app
    finally:
        app.close()


def setup(job: Job, go: Go) -> Sample:
    with application(job) as app:
        for _ in range(0, job.count, 100):
            app.save(*(Session(FACT) for _ in range(100)))
    go()
    return Sample(count=job.count, seconds=1.0)


def append(job: Job, go: Go) -> Sample:
    with application(job) as app:
        app.save(Session(FACT))
        go()
        return closed_loop_threads(job, lambda caller, turn: app.save(Session(FACT)))


def read(job: Job, go: Go) -> Sample:
    with application(job) as app:
        go()
        started, done, last = time.perf_counter(), 0, 0
        while rows := app.recorder.select_notifications(start=last, limit=1_000, inclusive_of_start=False):
            done += len(rows)
            last = rows[-1].id
        return Sample(count=done, seconds=time.perf_counter() - started)


def catch_up(job: Job, go: Go) -> Sample:
    """The ProjectionRunner from the beginning, for as long as the run lasts."""
    env = {**environment(job), "MINUTES_POSTGRES_SCHEMA": f"r{uuid4().hex[:8]}"}
    _schema(job, env["MINUTES_POSTGRES_SCHEMA"])
    go()
    started = time.perf_counter()
    with ProjectionRunner(
        application_class=Sessions, projection_class=Minutes, view_class=Model, env=env
    ) as runner:
        while (done := runner.view.max_tracking_id("sessions") or 0) < job.count:
            if time.perf_counter() - started > job.seconds:
                break
            time.sleep(0.005)
        return Sample(count=done, seconds=time.perf_counter() - started)


def visible(job: Job, go: Go) -> Sample:
    """save() to the row that a ProjectionRunner makes of it; no HTTP and no bus."""
    env = {**environment(job), "MINUTES_POSTGRES_SCHEMA": f"r{uuid4().hex[:8]}"}
    _schema(job, env["MINUTES_POSTGRES_SCHEMA"])
    taken: list[float] = []
    with ProjectionRunner(
        application_class=Sessions, projection_class=Minutes, view_class=Model, env=env
    ) as runner:
        go()
        for number in range(job.count + 10):
            started = time.perf_counter()
            position = runner.app.save(Session(FACT))[-1].notification.id
            while (runner.view.max_tracking_id("sessions") or 0) < position:
                pass
            if number >= 10:
                taken.append((time.perf_counter() - started) * 1000)
            time.sleep(0.01)
    return Sample(milliseconds=taken)


def _schema(job: Job, name: str) -> None:
    import psycopg

    with psycopg.connect(job.database_url, autocommit=True) as connection:
        connection.execute(f'create schema "{name}"'.encode())


if __name__ == "__main__":
    main({"setup": setup, "append": append, "read": read, "catch_up": catch_up, "visible": visible})
