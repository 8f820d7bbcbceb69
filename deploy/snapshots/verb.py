"""./alongside snapshot: the region's facts as Parquet or CSV, from one moment on, under pseudonyms."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import psycopg
import psycopg_pool
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy import running
from deploy.snapshots import folder as rounds
from deploy.snapshots.cut import NoCut
from deploy.snapshots.deriving import NeedsParquet, derive
from deploy.snapshots.folder import Busy, Occupied
from deploy.snapshots.house import NoHouse, find
from deploy.snapshots.manifest import Files, Manifest, NotASnapshot
from deploy.snapshots.pseudonyms import NoKey, Pseudonyms, kept
from deploy.snapshots.tables import NoSuchFacts, Unfit
from deploy.snapshots.taking import EVERYTHING, Changed, Taker
from deploy.snapshots.verifying import verify as verified
from shared.kernel.cli import FAILED, NOT_READY, NOTHING_RUNS, REFUSED, USAGE

snapshot = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Facts as tables for analysts, then what follows."
)

Folder = Annotated[Path, typer.Argument(help="The folder of the snapshot.")]
Data = Annotated[
    Path, typer.Option(help="The data directory of the running system; the keys are kept there.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document a round, and no progress bar.")]

CODES: dict[type[Exception], int] = {
    NoHouse: NOTHING_RUNS, NoKey: REFUSED, Busy: REFUSED, Occupied: REFUSED, Changed: REFUSED,
    NoSuchFacts: USAGE, NotASnapshot: USAGE, NeedsParquet: USAGE, NoCut: NOT_READY, Unfit: FAILED, OSError: FAILED,
    psycopg.OperationalError: NOT_READY, psycopg_pool.PoolTimeout: NOT_READY,
}  # fmt: skip

KINDS = tuple(CODES)
PASSING = (NoHouse, NoCut, psycopg.OperationalError, psycopg_pool.PoolTimeout)
"""What may be over by the next look: a follower outlives a house that is started anew."""


@snapshot.command()
def take(
    folder: Folder,
    recipient: Annotated[
        str, typer.Option(help="Whose copy it is: each recipient has pseudonyms of its own.")
    ] = "analysts",
    files: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
    facts: Annotated[
        str, typer.Option(help="Which facts: 'sessions.*,training.TrainingCompleted.v1'; all that may leave.")
    ] = "*",
    data: Data = running.DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Everything up to one moment. Exits 0 taken, 3 a store is busy, 4 nothing runs, 5 refused, 1 failed."""
    if files not in ("parquet", "csv"):
        raise typer.BadParameter(f"{files!r} is neither parquet nor csv")
    kind: Files = "parquet" if files == "parquet" else "csv"
    patterns = tuple(one.strip() for one in facts.split(",") if one.strip()) or EVERYTHING
    with _telling(as_json), _bar("take", as_json) as tell:
        taker = Taker(find(data), folder, kept(data, recipient), tell)
        found = asyncio.run(taker.take(kind, patterns))
    _say(folder, found, as_json)


@snapshot.command()
def follow(
    folder: Folder,
    once: Annotated[bool, typer.Option("--once", help="What is there now, then end.")] = False,
    every: Annotated[float, typer.Option(help="Seconds from one look to the next.")] = 60,
    data: Data = running.DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """What came since, a round each time; until Ctrl-C. Exits as `take` does."""
    with _telling(as_json), suppress(KeyboardInterrupt):
        under = kept(data, rounds.newest(folder)[0].recipient, make=False)
        while True:
            try:
                _look(folder, data, under, as_json, always=once)
            except PASSING as passing:
                if once:
                    raise
                typer.echo(f"alongside: {' '.join(str(passing).split())}; looking again", err=True)
            if once:
                return
            time.sleep(every)


def _look(folder: Path, data: Path, under: Pseudonyms, as_json: bool, always: bool) -> None:
    """One round, if there is something new; `always` tells of nothing too."""
    with _bar("follow", as_json) as tell:
        found = asyncio.run(Taker(find(data), folder, under, tell).follow())
    if found is not None or always:
        _say(folder, found or rounds.newest(folder)[0], as_json, new=found is not None)


@snapshot.command()
def verify(folder: Folder, as_json: AsJson = False) -> None:
    """Read it again, without the house. Exits 0 whole; 1 gap, overlap, edited, missing; 2 no snapshot."""
    with _telling(as_json), _bar("verify", as_json) as tell:
        found = verified(folder, tell)
    if as_json:
        typer.echo(json.dumps({"whole": not found.findings, **asdict(found)}, indent=1))
    else:
        for finding in found.findings:
            typer.echo(f"{finding.kind} in round {finding.round}: {finding.detail}")
        stands = ", ".join(f"{service} {position}" for service, position in found.positions.items())
        verdict = "whole" if not found.findings else f"{len(found.findings)} findings"
        typer.echo(f"{verdict}: {found.rounds} rounds, {found.rows} rows, at {stands}")
    raise typer.Exit(FAILED if found.findings else 0)


@snapshot.command()
def current(folder: Folder, as_json: AsJson = False) -> None:
    """How things stand at its newest round, made from its own files. Exits 0 made; 2 no snapshot, or not Parquet."""
    with _telling(as_json):
        place, rows = derive(folder)
    if as_json:
        typer.echo(json.dumps({"folder": str(place), "rows": rows}))
    else:
        typer.echo(f"{place}: {', '.join(f'{count} {name}' for name, count in rows.items())}")


def _say(folder: Path, found: Manifest, as_json: bool, new: bool = True) -> None:
    held = sum(one.left_out for one in found.services.values())
    if as_json:
        told: dict[str, Any] = {"folder": str(folder), "round": found.round, "new": new}
        told |= {
            "positions": found.positions,
            "rows": found.rows if new else 0,
            "left_out": held if new else 0,
        }
        told |= {"ledger": found.ledger.model_dump() if found.ledger else None}
        typer.echo(json.dumps(told))
        return
    stands = ", ".join(f"{service} {position}" for service, position in found.positions.items())
    if not new:
        typer.echo(f"nothing new: round {found.round} stands at {stands}")
        return
    typer.echo(
        f"{folder / rounds.named(found.round)}: {found.rows} rows in {len(found.tables)} tables, at {stands}"
    )
    typer.echo(f"{held} facts are not in it: views of records and what is restricted or was not asked for")
    if found.ledger:
        within = "holds all of it" if found.ledger.holds else "does not hold all of it yet"
        typer.echo(f"the ledger of {found.ledger.size} leaves, root {found.ledger.root[:16]}..., {within}")


@contextmanager
def _bar(title: str, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    quiet = as_json or not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as progress:
        task = progress.add_task(title, total=None)
        yield lambda at, total: progress.update(task, completed=at, total=total)


@contextmanager
def _telling(as_json: bool) -> Iterator[None]:
    """What goes wrong in one line, and its exit code."""
    try:
        yield
    except KINDS as wrong:
        _fail(wrong, as_json)


def _fail(wrong: Exception, as_json: bool) -> NoReturn:
    code = next(code for kind, code in CODES.items() if isinstance(wrong, kind))
    said = " ".join(str(wrong).split())
    typer.echo(json.dumps({"error": said}) if as_json else f"alongside: {said}", err=not as_json)
    raise typer.Exit(code)
