"""./alongside parked: see, retry and give up facts that were set aside because they could not be applied."""

import json
from typing import Annotated, Any

import typer

from shared.kernel.cli import FAILED
from shared.kernel.projections.asking import (
    DEFAULT_DATA,
    AsJson,
    Data,
    Found,
    OnlyService,
    one,
    services,
    show,
)

Listener = Annotated[str | None, typer.Option("--projection", help="Only this listener.")]
Source = Annotated[str | None, typer.Option(help="Only facts of this service.")]
Stream = Annotated[str | None, typer.Option(help="Only this key: an aggregate's id.")]
Position = Annotated[int | None, typer.Option(help="Only the fact at this position (name its source too).")]
Topic = Annotated[str | None, typer.Option(help="Only facts whose name contains this.")]
Error = Annotated[str | None, typer.Option(help="Only failures that contain this.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do it, tell what would come of it, take it back.")]

PAGE = 200
LISTED = ("service", "projection", "source", "position", "stream", "topic", "waiting", "attempts", "error")

parked = typer.Typer(help="Facts set aside because they could not be applied.", no_args_is_help=True)


@parked.command("ls")
def list_parked(
    service: OnlyService = None, projection: Listener = None, source: Source = None, stream: Stream = None,
    topic: Topic = None, error: Error = None, limit: Annotated[int, typer.Option(min=1)] = 50,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Keys with parked facts, by their first fact."""
    which = _which(projection=projection, source=source, stream=stream, topic=topic, error=error)
    found: list[Found] = []
    for asked in services(data, service):
        cursor: str | None = None
        while len(found) < limit:
            page = asked.get("parked", **which, after=cursor, limit=min(PAGE, limit - len(found)))
            found += [{"service": asked.service, **item} for item in page["items"]]
            if not (cursor := page["next"]):
                break
    show(found, LISTED, as_json, "nothing is parked")


@parked.command("show")
def show_parked(
    service: str, projection: str, source: str, position: int, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:  # fmt: skip
    """One parked fact, with the event as it was stored."""
    told = one(data, service).get(f"parked/{projection}/{source}/{position}")
    if as_json:
        typer.echo(json.dumps(told, indent=1))
        return
    event = told.pop("event", None)
    for name, value in told.items():
        typer.echo(f"{name:<10} {value}")
    if event is not None:
        typer.echo(json.dumps(event, indent=1))


@parked.command("retry")
def retry_parked(
    service: OnlyService = None, projection: Listener = None, source: Source = None, stream: Stream = None,
    position: Position = None, topic: Topic = None, error: Error = None, dry_run: DryRun = False,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Apply parked facts again: one, a key's, or all that match. Exits 1 when some still fail."""
    which = _which(
        projection=projection, source=source, stream=stream, position=position, topic=topic, error=error
    )
    found = _done(data, service, "retry", which | {"dry_run": dry_run})
    show(found, ("service", "projection", "source", "stream", "done", "error"), as_json, "nothing matches")
    if any(item["error"] for item in found):
        raise typer.Exit(FAILED)


@parked.command("discard")
def discard_parked(
    reason: Annotated[str, typer.Option(help="Why these facts are given up; it is kept.")],
    service: OnlyService = None, projection: Listener = None, source: Source = None, stream: Stream = None,
    position: Position = None, topic: Topic = None, error: Error = None, dry_run: DryRun = False,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Give parked facts up: they stay on record with the reason. A rebuild, made of all facts, tries them again."""
    which = _which(
        projection=projection, source=source, stream=stream, position=position, topic=topic, error=error
    )
    if not which:
        raise typer.BadParameter("say which facts: --stream, --position, --projection, --topic or --error")
    found = _done(data, service, "discard", which | {"dry_run": dry_run, "reason": reason})
    show(found, ("service", "projection", "source", "stream", "done"), as_json, "nothing matches")


def _done(data: Any, service: str | None, verb: str, body: Found) -> list[Found]:
    return [item for asked in services(data, service) for item in asked.pages(f"parked/{verb}", body)]


def _which(**given: Any) -> Found:
    return {name: value for name, value in given.items() if value is not None}
