"""The same findings for people (a table per group) and for programs (JSON)."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.runner import Outcome
from bench.subject import Group
from bench.verdict import Figures, compared, figures, ours_of, verdicts

MARK = {True: "[green]met[/]", False: "[red]missed[/]", None: "[yellow]not judged[/]"}


def show(console: Console, group: Group, outcomes: list[Outcome]) -> None:
    """Prints one group: a row per subject, a line per target."""
    timed = any(outcome.milliseconds for outcome in outcomes)
    table = Table(title=group.title, title_justify="left", title_style="bold")
    table.add_column("subject")
    table.add_column("role")
    table.add_column("p50 ms" if timed else f"median {group.unit}", justify="right")
    table.add_column("min..max", justify="right")
    if timed:
        table.add_column("p99 ms", justify="right")
    table.add_column("ours is", justify="right")
    ours = ours_of(outcomes)
    for outcome in sorted(outcomes, key=lambda each: -(found.middle if (found := figures(each)) else 0)):
        found = figures(outcome)
        if found is None:
            note = outcome.skipped or f"failed: {outcome.failed}"
            table.add_row(outcome.subject.name, outcome.subject.role, "-", note, *([""] * (1 + timed)))
            continue
        ratio = compared(ours, outcome)
        table.add_row(
            outcome.subject.name,
            outcome.subject.role,
            _number(found.middle, timed),
            f"{_number(found.least, timed)}..{_number(found.most, timed)}",
            *([_number(found.p99 or 0, timed)] if timed else []),
            f"x{ratio:.2f}" if ratio is not None else "",
        )
    console.print(table)
    for verdict in verdicts(group, outcomes):
        console.print(f"  {MARK[verdict.met]}: {verdict.text}")
    if group.source:
        console.print(f"  [dim]{group.source}[/]")
    console.print()


def as_json(group: Group, outcomes: list[Outcome]) -> Mapping[str, Any]:
    """The group with every sample."""
    ours = ours_of(outcomes)
    return {
        "title": group.title,
        "subjects": [_subject(outcome, ours, group.unit) for outcome in outcomes],
        "targets": [{"met": verdict.met, "text": verdict.text} for verdict in verdicts(group, outcomes)],
    }


def _subject(outcome: Outcome, ours: Outcome | None, unit: str) -> Mapping[str, Any]:
    found = figures(outcome)
    return {
        "name": outcome.subject.name,
        "role": outcome.subject.role,
        **({"unit": "ms" if outcome.milliseconds else unit, **_figures(found)} if found else {}),
        "ours_is": compared(ours, outcome),
        "rounds": [round(rate, 1) for rate in outcome.rates],
        "skipped": outcome.skipped,
        "failed": outcome.failed,
    }


def _figures(found: Figures) -> Mapping[str, float | None]:
    return {"median": found.middle, "min": found.least, "max": found.most, "p99": found.p99}


def _number(value: float, timed: bool) -> str:
    return f"{value:,.2f}" if timed else f"{value:,.0f}"
