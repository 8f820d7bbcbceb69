"""./alongside new-fact: a new published fact with example, golden file and a failing test."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import shared.contracts.all  # noqa: F401  (registers every fact)
from deploy.contracts.draft import NAME, Draft, contract_text, example_text, test_text
from shared.contracts.fact import contracts
from shared.contracts.words import ids

ROOT = Path(__file__).resolve().parents[2]


def with_imports(text: str, imports: dict[str, str]) -> str:
    """The module with these names (name -> module) imported, where they are not yet."""
    tree = ast.parse(text)
    found = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    lines = [f"from {module} import {name}\n" for name, module in imports.items() if name not in found]
    last = max(node.end_lineno or 1 for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    parts = text.splitlines(keepends=True)
    return "".join((*parts[:last], *lines, *parts[last:]))


def add_contract(root: Path, draft: Draft) -> Path:
    path = root.joinpath(*draft.module.split(".")).with_suffix(".py")
    if not path.exists():
        path.write_text(
            f'"""The facts of {draft.aggregate.replace("_", " ")}."""\n\nfrom datetime import date\n'
        )
    imports = {"date": "datetime", "Annotated": "typing", "Field": "pydantic"}
    imports |= {"Fact": "shared.contracts.fact", "published": "shared.contracts.fact"}
    if draft.id_type.startswith("Annotated"):
        imports |= {"UUID": "uuid", "Concerns": "shared.contracts.fact"}
    elif hasattr(ids, draft.id_type):
        imports[draft.id_type] = "shared.contracts.words.ids"
    path.write_text(with_imports(path.read_text().rstrip("\n") + "\n" + contract_text(draft), imports))
    return path


def add_example(root: Path, draft: Draft) -> Path:
    path = root / "tests" / "support" / f"examples_{draft.service}.py"
    text = path.read_text()
    listed = next(node for node in ast.parse(text).body if isinstance(node, ast.AnnAssign) and _is_list(node))
    lines = text.splitlines(keepends=True)
    end = (listed.end_lineno or 0) - 1
    text = "".join((*lines[:end], example_text(draft), *lines[end:]))
    imports = {"date": "datetime", "NAMESPACE_URL": "uuid", "uuid5": "uuid"}
    path.write_text(with_imports(text, imports | {draft.name: draft.module}))
    return path


def _is_list(node: ast.AnnAssign) -> bool:
    return isinstance(node.target, ast.Name) and node.target.id == "EXAMPLES"


def add_test(root: Path, draft: Draft) -> Path:
    path = root / "tests" / draft.service / f"test_{draft.snake}.py"
    path.write_text(test_text(draft))
    return path


def aggregate_of(service: str, name: str) -> str | None:
    """The aggregate that a fact's name begins with, else the service's first; None for an unknown service."""
    known = sorted({contract.aggregate for contract in contracts() if contract.service == service})
    snake = Draft(service, name, "").snake
    return next((one for one in known if snake.startswith(one)), known[0] if known else None)


def new_fact(
    service: Annotated[str, typer.Argument(help="Which service publishes it.")],
    name: Annotated[str, typer.Argument(help="In the past tense: CourseRetired.")],
    aggregate: Annotated[str, typer.Option(help="Which aggregate decides it.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a new published fact: contract, example, golden file and a failing test."""
    decided_by = aggregate or aggregate_of(service, name)
    if decided_by is None:
        raise typer.BadParameter(
            f"no service {service!r} publishes facts; it needs shared/contracts/{service}/"
        )
    if not NAME.fullmatch(name):
        raise typer.BadParameter(
            f"{name!r} is no fact's name: at least two words in the past tense, as CourseRetired"
        )
    if any(contract.service == service and contract.name == name for contract in contracts()):
        raise typer.BadParameter(f"{service}.{name} is published already; a change of it is a new version")
    draft = Draft(service, name, decided_by)
    written = [add(ROOT, draft) for add in (add_contract, add_example, add_test)]
    _run("-m", "ruff", "check", "--fix-only", "-q", *map(str, written))
    _run("-m", "ruff", "format", "-q", *map(str, written))
    _run("-m", "deploy.contracts.check", "--write")
    _tell(draft, [str(path.relative_to(ROOT)) for path in written], as_json)


def _run(*words: str) -> None:
    # A new process, since the contract that was just written is not registered in this one.
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-P", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        typer.echo(done.stdout + done.stderr, err=True)
        raise typer.Exit(1)


def _tell(draft: Draft, written: list[str], as_json: bool) -> None:
    written += [
        f"docs/schemas/{draft.topic}.json",
        f"tests/contracts/golden/{draft.topic}.json",
        "docs/facts.md",
    ]
    left = [
        f"services/{draft.service}/domain/: the aggregate {draft.aggregate} decides and evolves it",
        f"services/{draft.service}/projections.py: what becomes visible of it",
    ]
    if as_json:
        typer.echo(json.dumps({"topic": draft.topic, "written": written, "left": left}, indent=1))
        return
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(
        "Give the contract its fields, then python -m deploy.contracts.check --write. Two places are left:"
    )
    for number, place in enumerate(left, start=1):
        typer.echo(f"  {number}. {place}")


if __name__ == "__main__":
    typer.run(new_fact)
