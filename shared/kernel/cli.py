"""The command line: verbs are entry points of the group `alongside.verbs`, loaded only when used."""

import ast
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points, version
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from typing import Annotated

import typer

PROGRAM = "./alongside"
DONE, FAILED, USAGE, NOT_READY, NOTHING_RUNS, REFUSED = range(6)
EXIT_CODES = (
    "Exit codes: 0 done or ready; 1 failed; 2 wrong usage; 3 not ready; 4 nothing runs here; "
    "5 refused (already running, port taken, unfit engine)."
)


def verbs() -> Mapping[str, EntryPoint]:
    """Every verb by name; pyproject.toml is where one is added."""
    return {found.name: found for found in sorted(entry_points(group="alongside.verbs"))}


def summary(verb: EntryPoint) -> str:
    """First line of the verb's docstring, read without importing it, so that help stays quick and whole."""
    try:
        spec = find_spec(verb.module)
        tree = ast.parse(Path(spec.origin).read_text()) if spec and spec.origin else None
    except (ImportError, OSError, SyntaxError, ValueError) as broken:
        return f"(can't be read: {broken})"
    if tree is None:
        return "(not there yet)"
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    named = [node for node in tree.body if isinstance(node, kinds) and node.name == verb.attr]
    text = ast.get_docstring(named[0] if named else tree) or ""
    return text.strip().partition("\n")[0]


def as_app(name: str, target: typer.Typer | Callable[..., object]) -> typer.Typer:
    """A verb is a typer app (it has verbs of its own) or a plain function."""
    if isinstance(target, typer.Typer):
        target.info.epilog = EXIT_CODES
        return target
    app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
    app.command(name, epilog=EXIT_CODES)(target)
    return app


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"alongside {version('alongside')}")
        raise typer.Exit


def root(found: Mapping[str, EntryPoint]) -> typer.Typer:
    """What answers when no known verb is named: help, version, and the complaint about an unknown verb."""
    app = typer.Typer(
        name="alongside",
        help="Alongside: facts about one-to-one school mentoring, recorded, carried and auditable.",
        epilog=EXIT_CODES + " Every verb takes --json.",
        add_completion=False,
        no_args_is_help=True,
    )

    @app.callback()
    def callback(
        version: Annotated[
            bool, typer.Option("--version", help="Show the version.", callback=show_version, is_eager=True)
        ] = False,
    ) -> None: ...

    for name, verb in found.items():
        app.command(name, help=summary(verb))(lambda: None)
    return app


def _where(broken: Exception) -> str:
    """What went wrong in one line, and in which line of which file."""
    if isinstance(broken, SyntaxError):
        return f"{broken.msg} ({broken.filename}:{broken.lineno})"
    last = extract_tb(broken.__traceback__)[-1]
    said = " ".join(str(broken).split())
    return f"{type(broken).__name__}: {said} ({last.filename}:{last.lineno})"


def main(words: list[str] | None = None) -> None:
    """Runs one verb and exits with its code."""
    words = sys.argv[1:] if words is None else words
    found = verbs()
    if not words or words[0] not in found:
        root(found)(args=words, prog_name=PROGRAM)
        return
    name, rest = words[0], words[1:]
    try:
        target = found[name].load()
    except Exception as broken:  # a verb's module may fail in any way; the others are not to blame for it
        typer.echo(f"alongside: the verb {name} can't be loaded: {_where(broken)}", err=True)
        raise SystemExit(FAILED) from broken
    as_app(name, target)(args=rest, prog_name=f"{PROGRAM} {name}")


if __name__ == "__main__":
    main()
