"""./alongside check: everything CI looks at."""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from deploy.running import ROOT
from shared.kernel.cli import FAILED

PYTHON = [sys.executable, "-P"]
BIN = Path(sys.executable).parent
CONTRACTS = "deploy.contracts.check"


@dataclass(frozen=True)
class Step:
    """One thing looked at; what it prints goes where ours goes."""

    name: str
    command: list[str]


@dataclass(frozen=True)
class Result:
    name: str
    ok: bool
    seconds: float
    output: str | None = None


def steps() -> list[Step]:
    """In order of speed, so that the cheap complaints come first."""
    found = [
        Step("lint", [*PYTHON, "-m", "ruff", "check", "."]),
        Step("format", [*PYTHON, "-m", "ruff", "format", "--check", "."]),
        Step("import rules", [str(BIN / "lint-imports")]),
        Step("types", [*PYTHON, "-m", "mypy"]),
    ]
    if is_there(CONTRACTS):
        found.append(Step("contracts", [*PYTHON, "-m", CONTRACTS]))
    return [*found, Step("tests", pytest([]))]


def pytest(rest: list[str]) -> list[str]:
    """The tests on two processes, unless the caller says: each may have a whole house of a dozen more running."""
    said = any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in rest)
    return [*PYTHON, "-m", "pytest", *([] if said else ["-n", "2"]), *rest]


def is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def run(step: Step, keep: bool) -> Result:
    """Runs one step; with `keep` its output is returned instead of shown."""
    began = time.monotonic()
    kind = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if keep else {}
    done = subprocess.run(step.command, cwd=ROOT, text=True, check=False, **kind)  # type: ignore[call-overload]
    return Result(step.name, done.returncode == 0, round(time.monotonic() - began, 1), done.stdout)


def check(as_json: Annotated[bool, typer.Option("--json", help="One document at the end.")] = False) -> None:
    """Everything CI looks at: lint, format, import rules, types, contracts, tests."""
    results = []
    for step in steps():
        if not as_json:
            typer.secho(f"== {step.name}", bold=True)
        results.append(run(step, keep=as_json))
    ok = all(result.ok for result in results)
    if as_json:
        typer.echo(json.dumps({"ok": ok, "steps": [asdict(result) for result in results]}, indent=1))
    else:
        for result in results:
            typer.echo(f"{'ok    ' if result.ok else 'FAILED'} {result.name} ({result.seconds:.0f} s)")
    raise typer.Exit(0 if ok else FAILED)
