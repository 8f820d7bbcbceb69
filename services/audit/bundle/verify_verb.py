"""./alongside audit verify; and the same from the wheel alone: python -m services.audit.bundle."""

import json
import sys
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from services.audit.bundle.opening import Trusted, read_producers
from services.audit.bundle.report import Report
from services.audit.bundle.verify import verify
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.findings import EXIT_CODES
from services.audit.ledger.formats.policy import Policy

CODES = ", ".join(f"{code} {finding}" for finding, code in EXIT_CODES.items())


def verify_bundle(
    bundle: Annotated[
        str, typer.Argument(help="The file that `audit export` wrote; - reads it from a pipe.")
    ],
    policy: Annotated[
        Path | None, typer.Option(help="The log and the witnesses whose word counts for you.")
    ] = None,
    pin: Annotated[
        Path | None, typer.Option(help="The checkpoint that you kept from an earlier audit.")
    ] = None,
    producers: Annotated[
        Path | None, typer.Option(help="The services' public keys as you know them, one in a line.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Keep the bundle's checkpoint here when all is well: the next --pin.")
    ] = None,
    jobs: Annotated[
        int, typer.Option(min=1, max=64, help="In how many processes signatures are verified.")
    ] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Judge a bundle: needs no network, no database, and no trust in whoever made it."""
    trusted = _trusted(policy, producers, pin)
    with _opened(bundle) as file:
        report = _watched(file, trusted, jobs)
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=1))
    else:
        show(report, Console(width=None if sys.stdout.isatty() else 240, markup=False, highlight=False))
    if save is not None and report.ok:
        save.write_bytes(report.checkpoint)
    raise typer.Exit(report.exit_code)


verify_bundle.__doc__ = f"{verify_bundle.__doc__}\n\nExit codes: 0 nothing found, {CODES}; 2 wrong usage."


def show(report: Report, out: Console) -> None:
    """The findings; or what is proved; and in either case what is not."""
    for one in report.found:
        out.print(f"{one}  {one.detail}")
    for finding, count in sorted(report.counts.items()):
        told = sum(one.finding is finding for one in report.found)
        if count > told:
            out.print(f"{finding}  and {count - told:,} more")
    if report.wrong_use:
        out.print(report.wrong_use)
    for heading, lines in (("Proved", report.proved()), ("Not proved", report.not_proved())):
        if lines:
            out.print(f"{heading}:", *lines, sep="\n  - ")
    if report.ok:
        out.print("OK: nothing found")
    else:
        out.print(
            f"NOT OK: {', '.join(sorted(report.counts)) or 'wrong question'}; exit code {report.exit_code}"
        )


def _trusted(policy: Path | None, producers: Path | None, pin: Path | None) -> Trusted:
    try:
        return Trusted(
            Policy.parse(policy.read_text()) if policy else None,
            read_producers(producers.read_text()) if producers else None,
            pin.read_bytes() if pin else None,
        )
    except (OSError, Malformed, UnicodeDecodeError) as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _opened(bundle: str) -> BinaryIO:
    try:
        return sys.stdin.buffer if bundle == "-" else open(bundle, "rb", buffering=1 << 20)
    except OSError as wrong:
        raise typer.BadParameter(f"{bundle}: {wrong.strerror}") from None


class _Pace(ProgressColumn):
    """How many of how many, and how fast."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.completed:,.0f} of {task.total or 0:,.0f} facts, {task.speed or 0:,.0f}/s")


def _watched(file: BinaryIO, trusted: Trusted, jobs: int) -> Report:
    screen = Console(stderr=True)
    if not screen.is_terminal:
        return verify(file, trusted, jobs=jobs)
    pace = _Pace(table_column=Column(no_wrap=True))
    columns = (TextColumn("verifying"), BarColumn(20), TaskProgressColumn(), pace, TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("", total=None)

        def tick(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        return verify(file, trusted, jobs=jobs, tick=tick)
