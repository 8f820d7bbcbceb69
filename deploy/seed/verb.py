"""./alongside seed: a believable agency with its history, made from a number."""

import json
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy import running
from deploy.demo.verb import INTERRUPTED, STARTING
from deploy.seed.agency import Agency
from deploy.seed.catching_up import CaughtUp, Stuck, catch_up
from deploy.seed.catching_up import Progress as Left
from deploy.seed.loading import NotEmpty
from deploy.seed.place import Place, Unreachable, followers, found_or_started
from deploy.seed.rebuilding import NotLed, NotRebuilt, led, rebuild_all
from deploy.seed.scales import SCALES
from deploy.seed.sowing import SeededBefore, Sown, already, sow
from deploy.seed.telling import ToldNoMore
from deploy.verbs.up import EXITS
from shared.kernel.cli import DONE, FAILED, NOT_READY, NOTHING_RUNS, REFUSED

# Folding is ours, merging PostgreSQL's: both have work on four cores.
REBUILD_PROCESSES = 3


def seed(
    scale: Annotated[str, typer.Option(help=f"How large: {', '.join(SCALES)}.")] = "small",
    seed: Annotated[int, typer.Option(help="The same number gives the same facts.", min=0)] = 1,
    data: Annotated[
        Path, typer.Option(help="Data directory of the system; when none runs there, one is started.")
    ] = running.DEFAULT_DATA,
    until: Annotated[
        datetime | None,
        typer.Option(
            help="Facts are recorded up to the beginning of this day (today).", formats=["%Y-%m-%d"]
        ),
    ] = None,
    processes: Annotated[int, typer.Option(help="Processes that make facts.", min=1, max=64)] = 3,
    force: Annotated[
        bool, typer.Option("--force", help="Also beside facts that are there already; destroys nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One document of figures.")] = False,
) -> None:
    """Fill a system with a believable agency. Exits 0 done or there already, 5 refused, 1 failed, 3 not caught up."""
    if scale not in SCALES:
        raise typer.BadParameter(f"{scale!r}: choose one of {', '.join(SCALES)}")
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    err = Console(stderr=True, quiet=as_json, highlight=False)
    document: dict[str, Any] = {}
    try:
        with found_or_started(data, err.print) as place:
            day = until.date() if until else datetime.now(UTC).date()
            agency = Agency(SCALES[scale], seed, place.region, day)
            document = seeded(place, agency, processes, force, err)
    except KeyboardInterrupt:
        typer.echo("stopped before the end; nothing was written unless it says so above", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except SeededBefore as there:
        _say({"seeded": False, "there_already": True, "says": str(there)}, as_json, f"{there}: nothing to do")
        raise typer.Exit(DONE) from None
    except NotEmpty as refused:
        _fail(f"{refused}; a system is seeded when it is empty, or with --force", as_json, REFUSED)
    except Stuck as stuck:
        _fail(str(stuck), as_json, NOT_READY)
    except Unreachable as missing:
        _fail(str(missing), as_json, NOTHING_RUNS)
    except (NotLed, NotRebuilt, ToldNoMore, RuntimeError, psycopg.Error) as failure:
        _fail(f"{type(failure).__name__}: {failure}", as_json, FAILED)
    except STARTING as refused:
        _fail(str(refused), as_json, EXITS.get(type(refused), FAILED))
    if as_json:
        typer.echo(json.dumps(document, indent=1))
    else:
        Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(*_tables(document))


def seeded(place: Place, agency: Agency, processes: int, force: bool, err: Console) -> dict[str, Any]:
    """Write, wait, and say in figures what was done."""
    began = time.monotonic()
    there = {service: head for service, head in already(place, agency).items() if head}
    if there and not force:
        raise NotEmpty(
            ", ".join(f"the store of {service} has {head:,} facts" for service, head in there.items())
        )
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with ExitStack() as stack:
        progress = stack.enter_context(Progress(*columns, console=err, disable=err.quiet))
        listening = stack.enter_context(ThreadPoolExecutor(1)).submit(followers, place)
        bars = Bars(progress)
        stack.enter_context(led(place, "due"))
        with led(place, "projector"):
            sown = sow(place, agency, listening, processes, bars.told, force)
            written = time.monotonic() - began
            heads = {service: found for service, found in _heads(place).items() if service in sown.facts}
            rebuilt = rebuild_all(place, listening.result(), heads, REBUILD_PROCESSES, bars.rebuilt)
        caught = catch_up(place, heads, bars.left)
    return _document(agency, sown, written, rebuilt, caught, time.monotonic() - began)


class Bars:
    """One progress bar for each thing that takes its time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._most = 1

    def told(self, done: int, of: int, facts: int) -> None:
        self._show("facts", done, of, f"{facts:>12,} facts written")

    def rebuilt(self, what: str, done: int, of: int) -> None:
        self._show(what, done, of, f"{done:>12,} {what}")

    def left(self, found: Left) -> None:
        left = max(found.facts, 0) + max(found.relay, 0)
        self._most = max(self._most, left)
        self._show("left", self._most - left, self._most, f"{left:>12,} to apply {found.slowest}")

    def _show(self, what: str, done: int, of: int, text: str) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=of)
        self._progress.update(self._tasks[what], completed=done, total=of, description=text)


def _heads(place: Place) -> dict[str, int]:
    found = {}
    for service, url in place.databases.items():
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT position FROM store_head WHERE name = 'store'").fetchone()
            found[service] = int(row[0]) if row else 0
    return found


def _document(
    agency: Agency,
    sown: Sown,
    written: float,
    rebuilt: dict[str, float],
    caught: CaughtUp,
    seconds: float,
) -> dict[str, Any]:
    making = sown.seconds["made and copied"]
    return {
        "seeded": True,
        "scale": agency.scale.name,
        "seed": agency.seed,
        "region": agency.region,
        "from": str(agency.opens_on),
        "until": str(agency.until),
        "facts": sown.total,
        "bytes": sum(sown.bytes.values()),
        "claims": sum(sown.claims.values()),
        "services": {
            service: {
                "facts": sown.facts[service],
                "bytes": sown.bytes[service],
                "claims": sown.claims[service],
            }
            for service in sorted(sown.facts)
        },
        "phases": sown.seconds,
        "facts_per_second": round(sown.total / max(making, 0.001)),
        "stores_hold_them_after": round(written, 1),
        "rebuilt": rebuilt,
        "caught_up": asdict(caught),
        "read_models_have_them_after": round(seconds, 1),
        "seconds": round(seconds, 1),
    }


def _tables(document: dict[str, Any]) -> list[Table]:
    of = Table("service", "facts", "MB", "claims", title=f"seeded: {document['scale']}, {document['seed']}")
    for service, found in document["services"].items():
        of.add_row(service, f"{found['facts']:,}", f"{found['bytes'] / 1e6:,.1f}", f"{found['claims']:,}")
    of.add_row(
        "together", f"{document['facts']:,}", f"{document['bytes'] / 1e6:,.1f}", f"{document['claims']:,}"
    )
    when = Table("until", "seconds", "facts/s")
    facts = document["facts"]

    def row(what: str, seconds: float) -> None:
        when.add_row(what, f"{seconds:,.1f}", f"{facts / max(seconds, 0.001):,.0f}")

    row("made and copied", document["phases"]["made and copied"])
    row("the stores hold them", document["stores_hold_them_after"])
    for what, seconds in document["rebuilt"].items():
        when.add_row(f"  rebuilt {what}", f"{seconds:,.1f}", "")
    row("the read models have them", document["read_models_have_them_after"])
    when.add_row("parked", str(document["caught_up"]["parked"]), "")
    return [of, when]


def _say(document: dict[str, Any], as_json: bool, text: str) -> None:
    typer.echo(json.dumps(document) if as_json else text)


def _fail(text: str, as_json: bool, code: int) -> None:
    typer.echo(json.dumps({"error": text}) if as_json else f"alongside: {text}", err=not as_json)
    raise typer.Exit(code)
