"""Runs the tests; what follows goes to pytest, for example: tests/deploy -k postgres."""

import json
from typing import Annotated

import typer

from deploy.verbs.check import Step, pytest, run
from shared.kernel.cli import FAILED

test = typer.Typer(add_completion=False)


@test.command(help=__doc__, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run_tests(
    context: typer.Context,
    as_json: Annotated[
        bool, typer.Option("--json", help="One document with the result and the output.")
    ] = False,
) -> None:
    result = run(Step("tests", pytest(context.args)), keep=as_json)
    if as_json:
        typer.echo(
            json.dumps({"ok": result.ok, "seconds": result.seconds, "output": result.output}, indent=1)
        )
    raise typer.Exit(0 if result.ok else FAILED)
