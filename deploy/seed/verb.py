"""./alongside seed: a believable agency with its history, made from a number."""

import json
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from deploy import running
from deploy.demo.verb import INTERRUPTED, STARTING, named
from deploy.embedded import REGION
from deploy.seed.agency import Agency
from deploy.seed.catching_up import Stuck, catch_up
from deploy.seed.figures import Bars, document_of, tables
from deploy.seed.keeping_keys import NotOurs
from deploy.seed.loading import NotEmpty
from deploy.seed.place import Place, Unreachable, followers, found_or_started, given
from deploy.seed.rebuilding import NotLed, NotRebuilt, led, rebuild_all
from deploy.seed.scales import SCALES
from deploy.seed.sowing import SeededBefore, already, sow
from deploy.seed.telling import ToldNoMore
from deploy.verbs.up import EXITS
from shared.kernel.cli import DONE, FAILED, NOT_READY, NOTHING_RUNS, REFUSED
from shared.kernel.sealing.keyring import KeyringUnavailable, SubjectErased
from shared.kernel.sealing.reaching import KeyringAt

# Folding is ours, merging PostgreSQL's: both have work on four cores.
REBUILD_PROCESSES = 3


def seed(
    scale: Annotated[str, typer.Option(help=f"How large: {', '.join(SCALES)}.")] = "small",
    seed: Annotated[int, typer.Option(help="The same number gives the same facts.", min=0)] = 1,
    data: Annotated[
        Path, typer.Option(help="Data directory of the system; when none runs there, one is started.")
    ] = running.DEFAULT_DATA,
    url: Annotated[
        list[str] | None,
        typer.Option(help="Another system: one address for all services, or NAME=URL for each."),
    ] = None,
    database: Annotated[
        list[str] | None,
        typer.Option(
            help="With --url: the database of each service, NAME=URL.", envvar="ALONGSIDE_DATABASES"
        ),
    ] = None,
    keyring: Annotated[
        str | None,
        typer.Option(
            help="With --url: the keyring as assignments' role, URL.", envvar="ALONGSIDE_KEYRING_URL"
        ),
    ] = None,
    epoch_keys: Annotated[
        Path | None,
        typer.Option(help="With --url: the directory of epoch keys.", envvar="ALONGSIDE_EPOCH_KEYS"),
    ] = None,
    region: Annotated[str, typer.Option(help="Region of the system that --url names.")] = REGION,
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
        with ExitStack() as stack:
            place = (
                given(region, named(url), database or [], data, _keyring(keyring, epoch_keys))
                if url
                else stack.enter_context(found_or_started(data, err.print))
            )
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
    except psycopg.errors.UniqueViolation as there:
        told = (
            f"nothing was written: the system has some of these streams already ({there.diag.message_detail})"
        )
        _fail(told, as_json, REFUSED)
    except SubjectErased as erased:
        _fail(f"nothing was written: somebody of this seed was erased here ({erased})", as_json, REFUSED)
    except (
        NotLed,
        NotRebuilt,
        NotOurs,
        KeyringUnavailable,
        ToldNoMore,
        RuntimeError,
        psycopg.Error,
    ) as failure:
        _fail(f"{type(failure).__name__}: {failure}", as_json, FAILED)
    except STARTING as refused:
        _fail(str(refused), as_json, EXITS.get(type(refused), FAILED))
    if as_json:
        typer.echo(json.dumps(document, indent=1))
    else:
        Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(*tables(document))


def _keyring(url: str | None, epoch_keys: Path | None) -> KeyringAt | None:
    return KeyringAt(url, epoch_keys) if url and epoch_keys else None


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
    return document_of(agency, sown, written, rebuilt, caught, time.monotonic() - began)


def _heads(place: Place) -> dict[str, int]:
    found = {}
    for service, url in place.databases.items():
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT position FROM store_head WHERE name = 'store'").fetchone()
            found[service] = int(row[0]) if row else 0
    return found


def _say(document: dict[str, Any], as_json: bool, text: str) -> None:
    typer.echo(json.dumps(document) if as_json else text)


def _fail(text: str, as_json: bool, code: int) -> None:
    typer.echo(json.dumps({"error": text}) if as_json else f"alongside: {text}", err=not as_json)
    raise typer.Exit(code)
