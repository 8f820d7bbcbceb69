"""./alongside replay compare: read models beside what their own services make of the ledger's bytes."""

import json
from pathlib import Path
from typing import Annotated, Any

import httpx
import msgspec
import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from services.audit.replay.ledger_bytes import NotAsItWas, NotThere, pieces, wait_until
from shared.kernel.bus.targets import NoTarget, targets
from shared.kernel.cli import DONE, FAILED, NOTHING_RUNS
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Asked, Data, services, show

SHOWN = ("service", "projection", "table", "live", "replayed", "differ")

OnlyService = Annotated[str | None, typer.Option("--service", help="Only of this service.")]
OnlyProjection = Annotated[str | None, typer.Option("--projection", help="Only this one.")]


def compare(
    service: OnlyService = None, projection: OnlyProjection = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Replay read models from the ledger's bytes and compare them with the live ones, row by row.

    Exits 1 when rows differ, 10 and more when the ledger's bytes are not what they were (as `audit verify` does).
    """
    found = []
    with psycopg.connect(_ledger(data), autocommit=True, application_name="alongside replay") as ledger:
        for asked in services(data, service):
            for name in asked.get("replays")["read_models"]:
                if projection in (None, name):
                    told = _compared(asked, ledger, name, as_json)
                    found.append({"service": asked.service, "projection": name, **told})
    if not found:
        raise typer.BadParameter(f"there is no read model {projection or ''} here")
    _print(found, as_json)
    raise typer.Exit(DONE if all(one["equal"] for one in found) else FAILED)


def _ledger(data: Path) -> str:
    try:
        return targets(data, "audit")[0].database_url
    except NoTarget as none:
        typer.echo(str(none), err=True)
        raise typer.Exit(NOTHING_RUNS) from None


def _compared(asked: Asked, ledger: psycopg.Connection[Any], name: str, quiet: bool) -> dict[str, Any]:
    """Replay one read model, compare it, and leave nothing behind."""
    begun = asked.post(f"replays/{name}")["sources"]
    try:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True, quiet=quiet), transient=True) as progress:
            for source, live in begun.items():
                bar = progress.add_task(f"{asked.service} {name}: {source}", total=live["until"])
                wait_until(ledger, source, live["until"])
                for piece in pieces(ledger, source, live["until"]):
                    _feed(asked, name, source, [(one.position, one.body, one.signature) for one in piece])
                    progress.update(bar, completed=piece[-1].position)
        found: dict[str, Any] = asked.post(f"replays/{name}/compare")
    except NotAsItWas as altered:
        typer.echo(str(altered), err=True)
        raise typer.Exit(altered.finding.exit_code) from None
    except NotThere as behind:
        typer.echo(str(behind), err=True)
        raise typer.Exit(FAILED) from None
    finally:
        asked.post(f"replays/{name}/remove")
    for one in found["sources"]:
        one["live_parked"] = begun[one["source"]]["parked"]
    same = all(one["parked"] == one["live_parked"] for one in found["sources"])
    return {**found, "equal": found["equal"] and same}


def _feed(asked: Asked, name: str, source: str, facts: list[tuple[int, bytes, str]]) -> None:
    content = msgspec.msgpack.encode(facts)
    try:
        answer = asked.client.post(f"replays/{name}/facts/{source}", content=content)
    except httpx.HTTPError as silent:
        typer.echo(f"{asked.service} does not answer: {silent}", err=True)
        raise typer.Exit(NOTHING_RUNS) from None
    if answer.is_error:
        typer.echo(f"{asked.service}: {answer.text[:500]}", err=True)
        raise typer.Exit(FAILED)


def _print(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"equal": all(one["equal"] for one in found), "items": found}, indent=1))
        return
    tables = [
        {"service": one["service"], "projection": one["projection"], **table}
        for one in found
        for table in one["tables"]
    ]
    show(tables, SHOWN, False, "no tables")
    for table in tables:
        for row in table["rows"]:
            typer.echo(f"{table['service']} {table['table']} {json.dumps(row['key'])}: {_what(row)}")
    for one in found:
        for source in one["sources"]:
            if source["parked"] != source["live_parked"]:
                live, replayed = source["live_parked"], source["parked"]
                typer.echo(
                    f"{one['projection']}: parked of {source['source']}: live {live}, replayed {replayed}"
                )
    facts = sum(source["position"] for one in found for source in one["sources"])
    verdict = "equal" if all(one["equal"] for one in found) else "they differ"
    typer.echo(f"{len(found)} read models, {facts:,} facts: {verdict}")


def _what(row: dict[str, Any]) -> str:
    if "only" in row:
        return f"only {row['only']}"
    return ", ".join(f"{name} live {was!r}, replayed {now!r}" for name, (was, now) in row["differ"].items())
