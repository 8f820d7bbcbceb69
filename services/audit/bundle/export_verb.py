"""./alongside audit export: a bundle from the running audit service, into a file."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from services.audit.bundle.archive import BadBundle
from services.audit.bundle.opening import parsed
from shared.kernel.cli import FAILED, NOTHING_RUNS
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Data, one


def export_bundle(
    region: Annotated[bool, typer.Option("--region", help="Everything, with nothing left out.")] = False,
    child: Annotated[str | None, typer.Option(help="What concerns this child (id).")] = None,
    mentor: Annotated[str | None, typer.Option(help="What concerns this mentor (id).")] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="Recorded from this moment on, 2026-09-07 or with a time.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Recorded before this moment.")] = None,
    pin: Annotated[
        Path | None, typer.Option(help="The checkpoint that you kept: what was added since is proved.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to; default: named by what is in it.")] = None,
    role: Annotated[str, typer.Option(help="As whom: auditor, dsl, operator ...")] = "auditor",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Take the facts of a region, a child or a mentor away in one file, with all that proves them."""
    chosen = [("region", "region")] if region else []
    chosen += [("child", f"children/{child}")] if child else []
    chosen += [("mentor", f"mentors/{mentor}")] if mentor else []
    if len(chosen) != 1:
        raise typer.BadParameter("name one of --region, --child and --mentor")
    ((scope, path),) = chosen
    asked = {"from": _moment(since), "to": _moment(until), "pin": None if pin is None else _size(pin)}
    client = one(data, "audit", role=role, under="/bundles").client
    try:
        with client.stream("GET", path, params={k: v for k, v in asked.items() if v is not None}) as answer:
            if answer.is_error:
                answer.read()
                typer.echo(f"audit: {_why(answer)}", err=True)
                raise typer.Exit(FAILED)
            file = out or Path(f"{scope}-{answer.headers['Alongside-Ledger-Size']}.bundle.tar")
            size = _save(answer, file)
    except httpx.HTTPError as broken:
        typer.echo(f"audit does not answer to the end: {str(broken) or type(broken).__name__}", err=True)
        raise typer.Exit(NOTHING_RUNS) from None
    facts = int(answer.headers["Alongside-Facts"])
    if as_json:
        told = {"bundle": str(file), "scope": scope, "facts": facts, "bytes": size}
        typer.echo(json.dumps({**told, "ledger_size": int(answer.headers["Alongside-Ledger-Size"])}))
    else:
        typer.echo(f"{file}: {facts:,} facts, {size:,} bytes. To judge it: ./alongside audit verify {file}")


def _save(answer: httpx.Response, file: Path) -> int:
    """Under another name until it is whole. Returns its bytes."""
    fresh, size = file.with_name(f"{file.name}.part"), 0
    columns = (TextColumn("exporting"), DownloadColumn(), TransferSpeedColumn())
    screen = Console(stderr=True)
    try:
        with (
            fresh.open("wb") as to,
            Progress(*columns, console=screen, transient=True, disable=not sys.stderr.isatty()) as shown,
        ):
            task = shown.add_task("", total=None)
            for piece in answer.iter_bytes():
                size += to.write(piece)
                shown.update(task, completed=size)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    return size


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no moment, such as 2026-09-07 or 2026-09-07T12:00:00Z"
        ) from None
    return (found if found.tzinfo else found.astimezone()).isoformat()


def _size(pin: Path) -> int:
    try:
        return parsed("--pin", pin.read_bytes()).size
    except (OSError, BadBundle) as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _why(answer: httpx.Response) -> str:
    try:
        told: Any = answer.json()
        return str(told.get("detail") or told["title"])
    except (ValueError, KeyError, AttributeError):
        return f"answers {answer.status_code}"
