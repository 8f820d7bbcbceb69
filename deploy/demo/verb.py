"""./alongside demo: the main job on real input, told as a story in which everything is read back."""

import asyncio
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from deploy import ports, readiness, running
from deploy.databases import UnfitServer
from deploy.demo.calling import STORES
from deploy.demo.journey import SHIPPED, play
from deploy.demo.story import Story
from deploy.demo.terminal import Silence, Terminal
from deploy.embedded import REGION, Stopped, System
from deploy.engines.binaries import EngineMissing
from deploy.engines.postgres import EngineFailed
from deploy.readiness import NotReady
from deploy.verbs.up import EXITS
from shared.kernel.cli import FAILED

STARTING = (
    running.AlreadyRunning,
    ports.PortTaken,
    UnfitServer,
    NotReady,
    EngineFailed,
    EngineMissing,
    Stopped,
)
READY_SECONDS = 10.0
INTERRUPTED = 130  # as shells say it


@dataclass(frozen=True, slots=True)
class Place:
    """A running system, as far as the story has to know it."""

    urls: Mapping[str, str]
    region: str
    mail: Path | None


def demo(
    data: Annotated[
        Path, typer.Option(help="Data directory of a running system; when none runs there, one is started.")
    ] = running.DEFAULT_DATA,
    url: Annotated[
        list[str] | None,
        typer.Option(help="Another system: one address for all services, or NAME=URL for each."),
    ] = None,
    region: Annotated[str, typer.Option(help="Region of the system that --url names.")] = REGION,
    mail: Annotated[
        Path | None, typer.Option(help="Where the mail server of that system keeps its letters.")
    ] = None,
    schools: Annotated[
        Path, typer.Option(help="A school register in the GIAS column layout.", exists=True, dir_okay=False)
    ] = SHIPPED,
    with_year: Annotated[
        bool,
        typer.Option("--year/--no-year", help="Go on through a school year, after the first eight chapters."),
    ] = True,
    as_json: Annotated[
        bool, typer.Option("--json", help="One document: claims, ids, facts, read-backs.")
    ] = False,
) -> None:
    """The main job on real input, through the public APIs, each step read back. Exits 0, or 1 and says why."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it would be ignored
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    teller = Silence() if as_json else Terminal(console)
    story, place = Story(teller), None
    try:
        with found_or_started(data, url or [], region, mail, teller) as place:
            telling = play(story, place.urls, place.region, place.mail, schools, with_year=with_year)
            held = asyncio.run(telling)
    except KeyboardInterrupt:
        typer.echo("stopped before the end", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except STARTING as refused:
        story.failure = str(refused)
        tell(story, as_json, console, place)
        raise typer.Exit(EXITS.get(type(refused), FAILED)) from refused
    finally:
        teller.close()
    tell(story, as_json, console, place)
    raise typer.Exit(0 if held else FAILED)


@contextmanager
def found_or_started(
    data: Path, urls: list[str], region: str, mail: Path | None, teller: Terminal | Silence
) -> Iterator[Place]:
    """The system that was named or runs on the data directory; else one of our own, for as long as this lasts."""
    if urls:
        yield ready(Place(named(urls), region, mail))
        return
    found = running.find(data)
    if found is not None:
        yield ready(Place(found.urls, found.region, found.mail))
        return
    teller.say("No system runs there; one is started on a temporary directory.")
    folder = Path(tempfile.mkdtemp(prefix="alongside-demo-")).resolve()
    try:
        with System(folder, say=lambda event: teller.say(event.text)) as system:
            yield Place(system.urls, system.region, system.foundation.mail_folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def named(urls: list[str]) -> dict[str, str]:
    """Each service's address. One without a name is that of all of them, each under its own path."""
    found: dict[str, str] = {}
    for word in urls:
        name, equals, address = word.partition("=")
        if equals and name in STORES:
            found[name] = address.rstrip("/")
        elif not equals and word.startswith(("http://", "https://")):
            found |= {service: f"{word.rstrip('/')}/{service}" for service in STORES if service not in found}
        else:
            raise typer.BadParameter(
                f"{word!r}: write an address, or NAME=URL, NAME one of {', '.join(STORES)}"
            )
    missing = [service for service in STORES if service not in found]
    if missing:
        raise typer.BadParameter(f"no address of {', '.join(missing)}")
    return found


def ready(place: Place) -> Place:
    """The system, once it is ready. Raises NotReady."""
    asked = {name: place.urls[name] for name in STORES}
    left = readiness.wait(asked, READY_SECONDS, lambda: False, lambda name: None)
    if left:
        raise NotReady("; ".join(f"{name} is not ready: {why}" for name, why in left.items()))
    return place


def plain(value: Any) -> Any:
    """What JSON has no words for."""
    return sorted(value) if isinstance(value, set | frozenset) else str(value)


def tell(story: Story, as_json: bool, console: Console, place: Place | None) -> None:
    """The end of it."""
    document = story.document()
    if as_json:
        system = {"urls": dict(place.urls), "region": place.region} if place else None
        typer.echo(json.dumps({**document, "system": system}, indent=1, default=plain))
        return
    console.print()
    if story.failure is None:
        console.print(f"[green]✓[/green] {document['claims']} claims held in {document['seconds']:.1f} s.")
    else:
        console.print(f"[bold red]✗ It did not hold:[/bold red] {escape(story.failure)}")
