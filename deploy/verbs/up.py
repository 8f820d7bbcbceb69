"""./alongside up: the whole house on this machine, until Ctrl-C."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from deploy import ports
from deploy.databases import UnfitServer
from deploy.embedded import REGION, Stopped, System
from deploy.engines.binaries import EngineMissing
from deploy.engines.postgres import EngineFailed
from deploy.foundation import Given
from deploy.readiness import NotReady
from deploy.running import DEFAULT_DATA, AlreadyRunning
from deploy.services import SERVICES, is_built
from deploy.supervision import Event
from shared.kernel.cli import FAILED, NOT_READY, REFUSED

EXITS = {AlreadyRunning: REFUSED, ports.PortTaken: REFUSED, UnfitServer: REFUSED, NotReady: NOT_READY}


def up(
    data: Annotated[Path, typer.Option(help="Where everything is kept.")] = DEFAULT_DATA,
    port_base: Annotated[
        int, typer.Option(help="First of the ports used.", min=1024, max=65000)
    ] = ports.BASE,
    port: Annotated[
        list[str] | None, typer.Option(help=f"One port, as NAME=NUMBER; names: {', '.join(ports.OFFSETS)}.")
    ] = None,
    region: Annotated[str, typer.Option(help="The region this house serves: a-z, 0-9 and hyphens.")] = REGION,
    postgres_url: Annotated[
        str | None,
        typer.Option(help="Administrator's URL of your own PostgreSQL.", envvar="ALONGSIDE_POSTGRES_URL"),
    ] = None,
    nats_url: Annotated[
        str | None, typer.Option(help="URL of your own NATS with JetStream.", envvar="ALONGSIDE_NATS_URL")
    ] = None,
    smtp_url: Annotated[
        str | None, typer.Option(help="A real mail server; else mail is kept in DATA/mail.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each event.")] = False,
) -> None:
    """Starts everything, prints each address and goes on until Ctrl-C."""
    say = say_json if as_json else say_text
    for name in SERVICES:
        if not is_built(name):
            say(Event("skipped", name, f"{name} is not built yet; left out"))
    began = time.monotonic()
    system = System(
        data,
        region=checked_region(region),
        chosen_ports=ports.numbered(port_base, explicit(port or [])),
        given=Given(postgres_url, nats_url, smtp_url),
        say=say,
    )
    run(system, say, began)


def run(system: System, say: Callable[[Event], None], began: float) -> None:
    """Starts a system, goes on until a signal and stops it; a refusal ends the program with its exit code."""
    for ask in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ask, lambda *_: system.asked_to_stop.set())
    try:
        with system:
            say(summary(system, time.monotonic() - began))
            system.asked_to_stop.wait()
            say(Event("stopping", "system", "stopping"))
    except Stopped:
        pass
    except (AlreadyRunning, ports.PortTaken, UnfitServer, NotReady, EngineFailed, EngineMissing) as refused:
        say(Event("refused", "system", str(refused)))
        raise SystemExit(EXITS.get(type(refused), FAILED)) from refused
    say(Event("stopped", "system", "stopped"))


def summary(system: System, seconds: float) -> Event:
    """The addresses, once everything is ready."""
    lines = [f"ready in {seconds:.1f} s, data in {system.data}", ""]
    lines += [f"  {name:<14} {url}  (API: {url}/docs)" for name, url in system.urls.items()]
    mail = system.foundation.mail_folder
    lines += ["", f"  bus {system.foundation.nats_url} · mail kept in {mail}" if mail else ""]
    lines += ["  Ctrl-C stops everything"]
    return Event("up", "system", "\n".join(lines), {"seconds": round(seconds, 2), "urls": system.urls})


def explicit(words: list[str]) -> dict[str, int]:
    """Ports named one by one; a wrong word is refused with the right form."""
    found = {}
    for word in words:
        name, _, number = word.partition("=")
        if name not in ports.OFFSETS or not number.isdecimal() or not 0 < int(number) < 65536:
            raise typer.BadParameter(f"{word!r}: write NAME=NUMBER, NAME one of {', '.join(ports.OFFSETS)}")
        found[name] = int(number)
    return found


def checked_region(region: str) -> str:
    if not region or not all(sign in "abcdefghijklmnopqrstuvwxyz0123456789-" for sign in region):
        raise typer.BadParameter(f"{region!r}: a region is written with a-z, 0-9 and hyphens, like uk-london")
    return region


def say_text(event: Event) -> None:
    typer.echo(event.text)


def say_json(event: Event) -> None:
    typer.echo(json.dumps({"event": event.kind, "name": event.name, "text": event.text, **event.details}))
