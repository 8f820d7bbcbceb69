"""python -m bench.long_history: what audit answers among very many facts, made up in the database itself.

Timelines of single children (p50, p99), and the replay of the whole region as of a moment. No timed test: it prints.
"""

import asyncio
import json
import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Annotated, Any

import psycopg
import typer
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bench.engines import engines
from bench.long_history_facts import BEGAN, id_of, made_up
from services.audit.main import service
from services.audit.read_model import replays
from services.audit.read_model.known import Extent, Known, positions
from services.audit.read_model.timelines import timeline_of_child, timeline_of_mentor
from services.audit.replay.work import work
from services.audit.subscriptions import SOURCES
from shared.kernel.migrations import migrate
from shared.kernel.store.store import create_tables

PAGE = 100


def main(
    facts: Annotated[int, typer.Option(min=1000, help="How many facts.")] = 20_000,
    asked: Annotated[int, typer.Option(min=10, help="How many timelines are asked for.")] = 300,
    data: Annotated[Path | None, typer.Option(help="Where the engine's directory is made.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a history, and measure what is asked of it."""
    with engines(data) as run:
        run.create_database("history")
        url = run.database_url("history")
        create_tables(url)
        migrate(url, service.migrations)
        began = time.monotonic()
        with psycopg.connect(url, autocommit=True) as connection:
            made = made_up(connection, facts)
        found: dict[str, Any] = {**made, "made_in_seconds": round(time.monotonic() - began, 1)}
        found |= asyncio.run(_measured(url, made["children"], made["days"], asked))
    found["load"] = round(os.getloadavg()[0], 1)
    typer.echo(json.dumps(found, indent=1) if as_json else _told(found))


async def _measured(url: str, children: int, days: int, asked: int) -> dict[str, Any]:
    engine = create_async_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    moment = BEGAN + timedelta(days=days)
    found: dict[str, Any] = {}
    async with engine.connect() as db:
        for name, timeline, kind in (
            ("child, first page", timeline_of_child, "child"),
            ("child, last page", timeline_of_child, "child"),
            ("mentor, first page", timeline_of_mentor, "mentor"),
        ):
            took = []
            chance = Random(7)
            busy_before = time.process_time()
            for n in range(asked + 20):
                subject = id_of(chance.randrange(children), kind)
                after = (moment - timedelta(days=15), "", 0) if "last" in name else None
                began = time.perf_counter()
                reached = await positions(db, moment, SOURCES)
                rows = await timeline(db, subject, known_at=moment, after=after, limit=PAGE + 1)
                if n >= 20:
                    took.append((time.perf_counter() - began) * 1000)
                assert reached
                assert rows
            busy = (time.process_time() - busy_before) * 1000 / (asked + 20)
            cut = quantiles(took, n=100)
            found[name] = {
                "p50_ms": round(cut[49], 2),
                "p99_ms": round(cut[98], 2),
                "cpu_ms": round(busy, 2),
            }
        replay_id = await begin(db, moment)
    await engine.dispose()
    began, busy_before = time.perf_counter(), time.process_time()
    assert await work(url, replay_id) == "done"
    seconds, busy = time.perf_counter() - began, time.process_time() - busy_before
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT total, length(result), result FROM replays").fetchone()
    assert row is not None
    counts = json.loads(bytes(row[2]))["state"]["counts"]
    found["region"] = {
        "facts": row[0],
        "seconds": round(seconds, 2),
        "cpu_seconds": round(busy, 2),
        "facts_per_second": int(row[0] / seconds),
        "counts": counts,
    }
    return found


async def begin(db: AsyncConnection, moment: datetime) -> Any:
    reached = await positions(db, moment, SOURCES)
    on: date = (moment - timedelta(days=3)).astimezone(UTC).date()
    return await replays.begin(db, on, Extent(Known(moment, reached), None), "bench")


def _told(found: dict[str, Any]) -> str:
    lines = [
        f"{found['facts']:,} facts, {found['concerns']:,} concerns, {found['children']:,} children, "
        f"{found['days']} days; {found['bytes_per_fact']} bytes a fact; made in {found['made_in_seconds']} s"
    ]
    for name in ("child, first page", "child, last page", "mentor, first page"):
        one = found[name]
        lines.append(
            f"timeline of a {name:20} p50 {one['p50_ms']:>7} ms   p99 {one['p99_ms']:>7} ms   "
            f"(of this process {one['cpu_ms']} ms of processor)"
        )
    region = found["region"]
    pace = f"{region['facts']:,} facts in {region['seconds']} s = {region['facts_per_second']:,} facts/s"
    pace += f" ({region['cpu_seconds']} s of processor)"
    lines.append(f"load of the machine {found['load']}")
    return "\n".join([*lines, f"region replayed: {pace}", json.dumps(region["counts"])])


if __name__ == "__main__":
    typer.run(main)
