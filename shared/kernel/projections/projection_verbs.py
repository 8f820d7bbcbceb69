"""./alongside projection: how far read models are, and rebuilding, comparing and switching them."""

import time
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from shared.kernel.cli import FAILED
from shared.kernel.projections.asking import (
    DEFAULT_DATA,
    AsJson,
    Asked,
    Data,
    Found,
    OnlyService,
    one,
    services,
    show,
)

LOOK_SECONDS = 0.3
LISTED = ("service", "name", "source", "position", "lag_facts", "lag_seconds", "parked", "rebuild", "detail")

projection = typer.Typer(help="Read models: how far they are, and rebuilding them.", no_args_is_help=True)


@projection.command("ls")
def list_projections(service: OnlyService = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """How far each listener is, and whether tables stand beside the live ones."""
    found = []
    for asked in services(data, service):
        answer = asked.get("projections")
        rebuilds = {(view["projection"], view["source"]): view["state"] for view in answer["rebuilds"]}
        for state in answer["projections"]:
            rebuild = rebuilds.get((state["name"], state["source"]))
            found.append({"service": asked.service, **state, "rebuild": rebuild})
    show(found, LISTED, as_json, "nothing follows facts")


@projection.command("rebuild")
def rebuild(
    service: str, name: str, processes: Annotated[int, typer.Option(min=1, max=64)] = 1,
    fresh: Annotated[bool, typer.Option(help="Begin anew, also after an interruption.")] = False,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Fold all facts again into tables beside the live ones, which go on serving until the switch."""
    asked = one(data, service)
    asked.post(f"projections/{name}/rebuild", processes=processes, fresh=fresh)
    views: list[Found] = []
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, quiet=as_json)) as progress:
        bars: dict[str, Any] = {}
        for views in _until_ready(asked, name):
            for view in views:
                source, pace = view["source"], view["facts_per_second"]
                if source not in bars:
                    bars[source] = progress.add_task(source, total=None)
                total, text = max(view["target"], 1), f"{source} {pace:,}/s"
                whole = view["state"] == "ready"
                done = total if whole else view["position"]
                progress.update(bars[source], completed=done, total=total, description=text)
    show(views, ("projection", "source", "state", "position", "facts_per_second"), as_json, "")


def _until_ready(asked: Asked, name: str) -> Iterator[list[Found]]:
    """How the rebuild goes, until it is ready. Exits 1 when it stopped before."""
    while True:
        views = [view for view in asked.get("projections")["rebuilds"] if view["projection"] == name]
        yield views
        if views and all(view["state"] == "ready" for view in views):
            return
        if not any(view["under_way"] for view in views):
            why = next((view["error"] for view in views if view["error"]), "its process ended")
            typer.echo(f"stopped: {why}; the same command takes it up again", err=True)
            raise typer.Exit(FAILED)
        time.sleep(LOOK_SECONDS)


@projection.command("switch")
def switch(service: str, name: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Serve from the rebuilt tables, once they have caught up."""
    show([one(data, service).post(f"projections/{name}/switch")], ("switched",), as_json, "")


@projection.command("rollback")
def rollback(service: str, name: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Serve from the former tables again, once they have caught up."""
    show([one(data, service).post(f"projections/{name}/switch", back=True)], ("switched",), as_json, "")


@projection.command("compare")
def compare(service: str, name: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """What differs between live and rebuilt tables at the same position. Exits 1 when something does."""
    found = one(data, service).post(f"projections/{name}/compare")["items"]
    show(found, ("table", "live_rows", "standby_rows", "only_live", "only_standby"), as_json, "no tables")
    if any(item["only_live"] or item["only_standby"] for item in found):
        raise typer.Exit(FAILED)
