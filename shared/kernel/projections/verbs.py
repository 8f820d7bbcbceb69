"""./alongside parked and ./alongside projection: an operator's verbs, spoken to running services over HTTP."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from shared.kernel.cli import FAILED, NOTHING_RUNS

DEFAULT_DATA = Path(__file__).resolve().parents[3] / ".alongside"
LOOK_SECONDS = 0.3

Data = Annotated[Path, typer.Option(help="The data directory of the running system.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
Service = Annotated[str | None, typer.Option(help="Only this service.")]
ProjectionName = Annotated[str | None, typer.Option("--projection", help="Only this listener.")]
Source = Annotated[str | None, typer.Option(help="Only facts of this service.")]
Stream = Annotated[str | None, typer.Option(help="Only this key: an aggregate's id.")]
Position = Annotated[int | None, typer.Option(help="Only the fact at this position (name its source too).")]
Topic = Annotated[str | None, typer.Option(help="Only facts whose name contains this.")]
Error = Annotated[str | None, typer.Option(help="Only failures that contain this.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do it, tell what would come of it, take it back.")]

parked = typer.Typer(help="Facts set aside because they could not be applied.", no_args_is_help=True)
projection = typer.Typer(help="Read models: how far they are, and rebuilding them.", no_args_is_help=True)


@parked.callback()
def parked_verbs() -> None:
    """Facts set aside because they could not be applied."""


@projection.callback()
def projection_verbs() -> None:
    """Read models: how far they are, and rebuilding them."""


@parked.command("ls")
def list_parked(
    service: Service = None, projection: ProjectionName = None, source: Source = None, stream: Stream = None,
    topic: Topic = None, error: Error = None, limit: Annotated[int, typer.Option(min=1)] = 50,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Keys with parked facts, by their first fact."""
    which = _which(projection, source, stream, None, topic, error)
    found: list[dict[str, Any]] = []
    for name, client in _services(data, service):
        cursor: str | None = None
        while len(found) < limit:
            page = _ask(
                client, "GET", "parked", which | {"after": cursor, "limit": min(200, limit - len(found))}
            )
            found += [{"service": name, **item} for item in page["items"]]
            if not (cursor := page["next"]):
                break
    columns = (
        "service",
        "projection",
        "source",
        "position",
        "stream",
        "topic",
        "waiting",
        "attempts",
        "error",
    )
    _show(found, columns, as_json, "nothing is parked")


@parked.command("show")
def show_parked(service: str, projection: str, source: str, position: int, data: Data = DEFAULT_DATA) -> None:
    """One parked fact as JSON, with the event as it was stored."""
    [(_, client)] = _services(data, service)
    typer.echo(json.dumps(_ask(client, "GET", f"parked/{projection}/{source}/{position}"), indent=1))


@parked.command("retry")
def retry_parked(
    service: Service = None, projection: ProjectionName = None, source: Source = None, stream: Stream = None,
    position: Position = None, topic: Topic = None, error: Error = None, dry_run: DryRun = False,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Apply parked facts again: one, a key's, or all that match. Exits 1 when some still fail."""
    body = _which(projection, source, stream, position, topic, error) | {"dry_run": dry_run}
    found = [one for name, client in _services(data, service) for one in _paged(name, client, "retry", body)]
    _show(found, ("service", "projection", "source", "stream", "done", "error"), as_json, "nothing matches")
    if any(one["error"] for one in found):
        raise typer.Exit(FAILED)


@parked.command("discard")
def discard_parked(
    reason: Annotated[str, typer.Option(help="Why these facts are given up; it is kept.")],
    service: Service = None, projection: ProjectionName = None, source: Source = None, stream: Stream = None,
    position: Position = None, topic: Topic = None, error: Error = None, dry_run: DryRun = False,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Give parked facts up: they stay on record with the reason, but are never applied."""
    which = _which(projection, source, stream, position, topic, error)
    if not which:
        raise typer.BadParameter("say which facts: --stream, --position, --projection, --topic or --error")
    body = which | {"dry_run": dry_run, "reason": reason}
    found = [
        one for name, client in _services(data, service) for one in _paged(name, client, "discard", body)
    ]
    _show(found, ("service", "projection", "source", "stream", "done"), as_json, "nothing matches")


@projection.command("ls")
def list_projections(service: Service = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """How far each listener is, and whether tables stand beside the live ones."""
    found = []
    for name, client in _services(data, service):
        answer = _ask(client, "GET", "projections")
        rebuilds = {(one["projection"], one["source"]): one for one in answer["rebuilds"]}
        for state in answer["projections"]:
            rebuild = rebuilds.get((state["name"], state["source"]))
            found.append({"service": name, **state, "rebuild": rebuild and rebuild["state"]})
    columns = (
        "service", "name", "source", "position", "lag_facts", "lag_seconds", "parked", "rebuild", "detail",
    )  # fmt: skip
    _show(found, columns, as_json, "nothing follows facts")


@projection.command("rebuild")
def rebuild(
    service: str, name: str, processes: Annotated[int, typer.Option(min=1, max=64)] = 1,
    fresh: Annotated[bool, typer.Option(help="Begin anew, also after an interruption.")] = False,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Fold all facts again into tables beside the live ones, which go on serving until the switch."""
    [(_, client)] = _services(data, service)
    _ask(client, "POST", f"projections/{name}/rebuild", {"processes": processes, "fresh": fresh}, query=True)
    console = Console(stderr=True, quiet=as_json)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bars: dict[str, Any] = {}
        while True:
            time.sleep(LOOK_SECONDS)
            answer = _ask(client, "GET", "projections")
            views = [one for one in answer["rebuilds"] if one["projection"] == name]
            for view in views:
                bar = bars.setdefault(view["source"], progress.add_task(view["source"], total=None))
                progress.update(
                    bar,
                    completed=view["position"],
                    total=max(view["target"], 1),
                    description=f"{view['source']} {view['facts_per_second']:,}/s",
                )
            if any(view["error"] for view in views):
                typer.echo(f"stopped: {views[0]['error']}; the same command takes it up again", err=True)
                raise typer.Exit(FAILED)
            if views and all(view["state"] == "ready" for view in views):
                break
    columns_shown = ("projection", "source", "state", "position", "facts_per_second")
    _show(views, columns_shown, as_json, "")


@projection.command("switch")
def switch(service: str, name: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Serve from the rebuilt tables, once they have caught up."""
    [(_, client)] = _services(data, service)
    _show([_ask(client, "POST", f"projections/{name}/switch")], ("switched",), as_json, "")


@projection.command("rollback")
def rollback(service: str, name: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Serve from the former tables again, once they have caught up."""
    [(_, client)] = _services(data, service)
    _show(
        [_ask(client, "POST", f"projections/{name}/switch", {"back": True}, query=True)],
        ("switched",),
        as_json,
        "",
    )


@projection.command("compare")
def compare(service: str, name: str, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """What differs between live and rebuilt tables at the same position. Exits 1 when something does."""
    [(_, client)] = _services(data, service)
    found = _ask(client, "POST", f"projections/{name}/compare")["items"]
    _show(found, ("table", "live_rows", "standby_rows", "only_live", "only_standby"), as_json, "no tables")
    if any(one["only_live"] or one["only_standby"] for one in found):
        raise typer.Exit(FAILED)


def _services(data: Path, only: str | None) -> list[tuple[str, httpx.Client]]:
    """The running system's services, as an operator reaches them. Exits 4 when nothing runs."""
    try:
        described = json.loads((data / "run.json").read_bytes())
        urls = {name: process["url"] for name, process in described["services"].items()}
        token = f"dev:operator:{described['region']}:cli"
    except (OSError, ValueError, KeyError, TypeError):
        typer.echo(f"nothing runs on {data}; start it with ./alongside up", err=True)
        raise typer.Exit(NOTHING_RUNS) from None
    if only is not None and only not in urls:
        raise typer.BadParameter(f"no service {only}; there is: {', '.join(urls)}")
    return [
        (
            name,
            httpx.Client(
                base_url=f"{url}/operations/",
                headers={"Authorization": f"Bearer {token}"},
                timeout=120,
                trust_env=False,
            ),
        )
        for name, url in urls.items()
        if only is None or name == only
    ]


def _ask(
    client: httpx.Client, method: str, path: str, values: dict[str, Any] | None = None, query: bool = False
) -> Any:
    """A service's answer. Exits 1 with what the problem says, 4 when it does not answer."""
    given = {name: value for name, value in (values or {}).items() if value is not None}
    as_query = query or method == "GET"
    try:
        answer = client.request(
            method, path, params=given if as_query else None, json=None if as_query else given
        )
    except httpx.HTTPError as silent:
        typer.echo(f"{client.base_url} does not answer: {silent}", err=True)
        raise typer.Exit(NOTHING_RUNS) from None
    if answer.is_error:
        try:
            said = answer.json().get("detail") or answer.text
        except ValueError:
            said = answer.text
        typer.echo(f"{answer.status_code}: {said}", err=True)
        raise typer.Exit(FAILED)
    return answer.json()


def _paged(service: str, client: httpx.Client, verb: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = _ask(client, "POST", f"parked/{verb}", body | {"after": cursor})
        for item in page["items"]:
            yield {"service": service, **item}
        if not (cursor := page["next"]):
            return


def _which(
    projection: str | None, source: str | None, stream: str | None, position: int | None, topic: str | None,
    error: str | None,
) -> dict[str, Any]:  # fmt: skip
    given = {
        "projection": projection, "source": source, "stream": stream, "position": position, "topic": topic,
        "error": error,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


def _show(found: list[dict[str, Any]], columns: tuple[str, ...], as_json: bool, nothing: str) -> None:
    if as_json:
        typer.echo(json.dumps({"items": found}, indent=1))
    elif not found:
        typer.echo(nothing)
    else:
        table = Table(*columns, box=None)
        for one in found:
            table.add_row(*["" if one.get(name) is None else str(one[name]) for name in columns])
        Console().print(table)
