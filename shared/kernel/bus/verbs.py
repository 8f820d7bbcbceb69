"""./alongside stream: compare streams with their stores, and mend them."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import psycopg
import structlog
import typer
from nats.aio.client import Client
from nats.errors import Error
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from shared.kernel.bus.compare import Comparison, compare
from shared.kernel.bus.connection import connect
from shared.kernel.bus.repair import NotRepaired, WouldReplace, repair
from shared.kernel.bus.targets import NoTarget, Target, targets
from shared.kernel.cli import DONE, FAILED, NOT_READY, NOTHING_RUNS, REFUSED
from shared.kernel.envelope import stream_name
from shared.kernel.signing import Signing
from shared.kernel.store import Store

CONNECT_SECONDS = 10

Answer: TypeAlias = dict[str, Any]
Tell: TypeAlias = Callable[[int], None]
Job: TypeAlias = Callable[[Target, Client, Store, Tell], Awaitable[Answer]]

stream = typer.Typer(add_completion=False, no_args_is_help=True, help="Streams against their stores.")

Service = Annotated[str | None, typer.Option(help="One service; else every one that runs.")]
Data = Annotated[Path, typer.Option(help="The data directory of the running system.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, and no progress bar.")]


@stream.command()
def verify(service: Service = None, data: Data = Path(".alongside"), as_json: AsJson = False) -> None:
    """Compare byte for byte. Exits 0 whole, 3 its end is missing, 1 something differs, 4 nothing runs."""

    async def check(target: Target, bus: Client, store: Store, tell: Tell) -> Answer:
        found = await compare(bus.jetstream(timeout=5), store, target.region, target.service, tell)
        code = DONE if found.is_whole else FAILED if found.is_other else NOT_READY
        return {"code": code, "says": sentence(found), **asdict(found)}

    _each(check, service, data, as_json, "verify")


@stream.command(name="repair")
def mend(
    service: Service = None,
    data: Data = Path(".alongside"),
    replace: Annotated[bool, typer.Option("--replace", help="Delete and rebuild what differs.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make and fill streams from their stores. Exits 0 mended, 5 it differs and needs --replace, 1 failed."""

    async def fill(target: Target, bus: Client, store: Store, tell: Tell) -> Answer:
        found = await compare(bus.jetstream(timeout=5), store, target.region, target.service)
        before = found.streamed
        try:
            signing = Signing.of(target.region, target.service, target.signing_key)
            head = await repair(bus, store, target.region, target.service, found, replace, tell, signing)
        except WouldReplace:
            says = f"{sentence(found)}; --replace deletes the stream and rebuilds it from the store"
            return {"code": REFUSED, "says": says, **asdict(found)}
        except NotRepaired as failure:
            return {"code": FAILED, "says": str(failure), **asdict(found)}
        says = (
            "replaced"
            if found.is_other
            else "made"
            if before is None
            else "filled"
            if before < head
            else "whole"
        )
        return {"code": DONE, "says": f"{says}: {head} facts", "stored": head, "streamed": head}

    _each(fill, service, data, as_json, "repair")


def sentence(found: Comparison) -> str:
    """What a comparison found, in one line."""
    if found.streamed is None:
        return f"there is no stream; the store has {found.stored} facts"
    if found.is_whole:
        return f"whole: {found.stored} facts"
    kinds = ("missing", "extra", "differing", "out_of_order")
    parts = [
        f"{getattr(found, kind).count} {kind.replace('_', ' ')} (first at {getattr(found, kind).first[0]})"
        for kind in kinds
        if getattr(found, kind).count
    ]
    return f"{found.streamed} in the stream, {found.stored} in the store: {', '.join(parts)}"


def _each(job: Job, service: str | None, data: Path, as_json: bool, title: str) -> None:
    """Do it for each service and exit with the worst code."""
    try:
        with _quiet():
            answers = asyncio.run(_all(job, targets(data, service), not as_json, title))
    except NoTarget as nothing:
        _say_failure(str(nothing), as_json, NOTHING_RUNS)
    except (Error, OSError, TimeoutError, psycopg.Error) as failure:
        _say_failure(f"database or bus does not answer: {failure!r}", as_json, NOTHING_RUNS)
    else:
        if as_json:
            typer.echo(json.dumps({"streams": answers}, indent=1))
        for answer in () if as_json else answers:
            Console().print(f"{answer['stream']}  {answer['says']}", highlight=False, soft_wrap=True)
        codes = {answer["code"] for answer in answers}
        raise typer.Exit(next((code for code in (REFUSED, FAILED, NOT_READY) if code in codes), DONE))


@contextmanager
def _quiet() -> Iterator[None]:
    """No log lines among the answers: a verb says itself what went wrong."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def _say_failure(text: str, as_json: bool, code: int) -> None:
    typer.echo(json.dumps({"error": text}) if as_json else f"alongside: {text}", err=not as_json)
    raise typer.Exit(code)


async def _all(job: Job, wanted: list[Target], bar: bool, title: str) -> list[Answer]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    answers = []
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not bar) as progress:
        for target in wanted:
            async with await Store.open(target.database_url) as store:
                async with asyncio.timeout(CONNECT_SECONDS):
                    bus = await connect(target.nats_url, f"{target.service}-{title}", target.nats_seed)
                    head = await store.head()
                task = progress.add_task(f"{title} {target.service}", total=head)

                def tell(at: int, task: Any = task) -> None:
                    progress.update(task, completed=at)

                try:
                    answer = await job(target, bus, store, tell)
                finally:
                    await bus.close()
            name = stream_name(target.region, target.service)
            answers.append({"service": target.service, "stream": name, **answer})
    return answers
