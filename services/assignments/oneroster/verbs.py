"""./alongside oneroster: take a school's roster over, or see what that would do."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.progress import Progress

from shared.kernel.cli import DONE, FAILED, NOTHING_RUNS
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Data, one, show

oneroster = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Rosters of schools: OneRoster 1.2 CSV, whole or a delta.",
)
FILES = ("file", "mode", "rows", "used", "passed_over", "rejected")
ITEMS = ("what", "kind", "sourced_id", "file", "line", "id", "detail")
REJECTED = ("file", "line", "column", "value", "reason", "mend")
TOLD = ("seen", "absent", "undecided")

Zip = Annotated[
    Path, typer.Argument(help="The zip, with manifest.csv at its root.", exists=True, dir_okay=False)
]
Source = Annotated[
    str, typer.Option(help="The system it comes from, when the manifest has no source.systemCode.")
]
Student = Annotated[
    list[str] | None,
    typer.Option(
        help="sourcedId of a pupil to take over who is not alone with an aide in a class; repeatable."
    ),
]
WholeClasses = Annotated[bool, typer.Option(help="This delta lists each class it touches in full.")]
EndAbsent = Annotated[bool, typer.Option(help="End what a bulk leaves out.")]


@oneroster.command(name="import")
def import_(
    file: Zip,
    source: Source = "",
    student: Student = None,
    whole_classes: WholeClasses = False,
    end_absent: EndAbsent = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Take a roster over. Safe to repeat. Exits 0 all good, 1 rows were rejected, 4 nothing runs."""
    query = _query(source, student, whole_classes, end_absent)
    _tell(_send(file, data, query, as_json), as_json)


@oneroster.command()
def check(
    file: Zip,
    source: Source = "",
    student: Student = None,
    whole_classes: WholeClasses = False,
    end_absent: EndAbsent = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Tell what an import would do, and record nothing. Exits 0 all good, 1 rows are rejected, 4 nothing runs."""
    query = _query(source, student, whole_classes, end_absent) | {"dry_run": True}
    _tell(_send(file, data, query, as_json), as_json)


def _query(source: str, student: list[str] | None, whole_classes: bool, end_absent: bool) -> dict[str, Any]:
    query: dict[str, Any] = {
        "whole_classes": whole_classes,
        "end_absent": end_absent,
        "student": student or [],
    }
    return query | ({"source": source} if source else {})


def _send(file: Path, data: Path, query: dict[str, Any], as_json: bool) -> dict[str, Any]:
    """The service's report. Exits 1 with what the problem says, 4 when the service does not answer."""
    client = one(data, "assignments").client
    headers = {
        "Idempotency-Key": str(uuid4()),
        "Content-Type": "application/zip",
        "Accept": "application/x-ndjson",
    }
    path = client.base_url.join("../imports/oneroster")
    quiet = as_json or not sys.stderr.isatty()
    try:
        with (
            file.open("rb") as body,
            client.stream("POST", path, params=query, content=body, headers=headers) as answer,
        ):
            if answer.is_error:
                answer.read()
                raise _problem(answer.json())
            return _follow((json.loads(line) for line in answer.iter_lines()), quiet)
    except (httpx.HTTPError, ValueError) as silent:
        typer.echo(f"assignments does not answer: {str(silent) or type(silent).__name__}", err=True)
        raise typer.Exit(NOTHING_RUNS) from None


def _follow(lines: Iterator[dict[str, Any]], quiet: bool) -> dict[str, Any]:
    """Show how far it is, until it is done."""
    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as bars:
        tasks: dict[str, Any] = {}
        for line in lines:
            if "report" in line:
                report: dict[str, Any] = line["report"]
                return report
            if "problem" in line:
                raise _problem(line["problem"])
            told = line["progress"]
            task = tasks.setdefault(told["what"], None)
            if task is None:
                task = tasks[told["what"]] = bars.add_task(told["what"], total=None)
            bars.update(task, completed=told["done"], total=told["of"] or None)
    raise ValueError("the answer ended before the report")


def _problem(told: dict[str, Any]) -> typer.Exit:
    typer.echo(f"assignments: {told.get('detail', 'refused')}", err=True)
    for error in told.get("errors", ()):
        typer.echo(f"  {error['field']}: {error['detail']}", err=True)
    return typer.Exit(FAILED)


def _tell(report: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report, indent=1))
        raise typer.Exit(FAILED if report["rejected_rows"] else DONE)
    show(report["files"], FILES, False, "the zip has no file that is read here")
    for note in report["notes"]:
        typer.echo(f"note: {note}")
    done = [item for item in report["items"] if item["what"] not in TOLD]
    told = [item for item in report["items"] if item["what"] in TOLD]
    would = "Would be recorded" if report["dry_run"] else "Recorded"
    typer.echo(f"\n{would}: {report['facts']} facts" + (f"; {_counted(report)}" if report["counts"] else ""))
    for title, found, columns in (
        ("", done, ITEMS[:6]),
        ("For a coordinator:", told, ITEMS),
        (f"Rejected: {report['rejected_rows']} rows", report["rejected"], REJECTED),
    ):
        if found:
            typer.echo(f"\n{title}" if title else "")
            show(found, columns, False, "")
    raise typer.Exit(FAILED if report["rejected_rows"] else DONE)


def _counted(report: dict[str, Any]) -> str:
    return ", ".join(f"{number} {what}" for what, number in report["counts"].items())
