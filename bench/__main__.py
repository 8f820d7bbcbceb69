"""`python -m bench`: ours, the peers and the physical limit, side by side."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import machine, report, runner
from bench.cases import CASES
from bench.engines import engines
from bench.peer_environment import prepare, without_peers
from bench.subject import QUICK, TINY, Sizes
from bench.verdict import verdicts


def bench(
    cases: Annotated[
        list[str] | None, typer.Argument(help=f"Which of: {', '.join(CASES)}. All when none is named.")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(min=1, max=50, help="How often each subject is measured.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(min=0.1, max=60, help="How long one measurement lasts.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of tables.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small counts and two rounds: minutes, rough figures.")
    ] = False,
    tiny: Annotated[bool, typer.Option("--tiny", help="Each thing once, only to see that it runs.")] = False,
    peers: Annotated[bool, typer.Option(help="Install (once) and measure the peers.")] = True,
    data: Annotated[
        Path | None, typer.Option(help="Where the engines' directory is made; the disk matters.")
    ] = None,
) -> None:
    """Measures, then exits 0 when every judged target is met, 1 when one is missed or a subject failed."""
    unknown = [name for name in cases or () if name not in CASES]
    if unknown:
        raise typer.BadParameter(f"no case named {', '.join(unknown)}; there are {', '.join(CASES)}")
    sizes = TINY if tiny else QUICK if quick else Sizes()
    sizes = replace(sizes, rounds=rounds or sizes.rounds, seconds=seconds or sizes.seconds)
    console, progress = Console(width=None if sys.stdout.isatty() else 130), Console(stderr=True)
    groups, bad = [], False
    with progress.status("starting PostgreSQL and NATS") as status, engines(data) as running:
        environment = prepare(status.update) if peers else without_peers()
        facts = machine.facts(running, environment)
        if not as_json:
            console.print(facts)
        for name in cases or CASES:
            for group in CASES[name](sizes):
                outcomes = runner.run(group, sizes, running, environment, status.update)
                bad |= any(outcome.failed for outcome in outcomes)
                bad |= any(verdict.met is False for verdict in verdicts(group, outcomes))
                groups.append({"case": name, **report.as_json(group, outcomes)})
                if not as_json:
                    report.show(console, group, outcomes)
    if as_json:
        print(json.dumps({"machine": facts, "groups": groups}, indent=1))
    raise typer.Exit(1 if bad else 0)


if __name__ == "__main__":
    typer.run(bench)
