"""./alongside tamper: damage on purpose, of a bundle's copy or of a development system, to see what an audit says."""

import json
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.table import Table

from services.audit.bundle.tampering.rows import Databases, keep, put_back
from services.audit.bundle.tampering.systems import SYSTEM_WAYS
from services.audit.bundle.tampering.taking_apart import Unfit, keys_in, taken_apart
from services.audit.bundle.tampering.ways import WAYS
from shared.kernel.cli import FAILED
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Data

tamper = typer.Typer(
    help="Damage on purpose, in development only: a bundle's copy, or the running system; then see what an audit says.",
    no_args_is_help=True,
    add_completion=False,
)


@tamper.command("ways")
def ways(as_json: AsJson = False) -> None:
    """In which ways, and what has to be found."""
    found = [("bundle", name, way.told, way.finding) for name, way in WAYS.items()]
    found += [("system", name, way.told, way.finding) for name, way in SYSTEM_WAYS.items()]
    if as_json:
        keys = ("what", "way", "told", "finding")
        typer.echo(json.dumps({"items": [dict(zip(keys, one, strict=True)) for one in found]}, indent=1))
        return
    table = Table("", "way", "what is done", "what is found", "exit code", box=None)
    for what, name, told, finding in found:
        table.add_row(what, name, told, finding.value, str(finding.exit_code))
    Console(markup=False, highlight=False, width=120).print(table)


@tamper.command("bundle")
def bundle(
    bundle: Annotated[Path, typer.Argument(help="An honest bundle of a whole region; it stays as it is.")],
    way: Annotated[str, typer.Argument(help=f"One of: {', '.join(WAYS)}.")],
    out: Annotated[
        Path | None, typer.Option(help="The damaged copy; default: the way before its name.")
    ] = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Write a damaged copy of a bundle, signed anew where it takes that with the development system's keys."""
    if way not in WAYS:
        raise typer.BadParameter(f"no way {way}; there is: {', '.join(WAYS)}")
    out = out or bundle.with_name(f"{way}.{bundle.name}")
    try:
        out.write_bytes(WAYS[way].damage(taken_apart(bundle.read_bytes(), keys_in(data))))
    except (Unfit, OSError) as unfit:
        typer.echo(str(unfit), err=True)
        raise typer.Exit(FAILED) from None
    _told(WAYS[way].told, WAYS[way].finding, f"./alongside audit verify {out}", as_json)


@tamper.command("system")
def system(
    way: Annotated[str, typer.Argument(help=f"One of: {', '.join(SYSTEM_WAYS)}.")],
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Change the running system's databases behind its back; `tamper undo` puts everything back."""
    if way not in SYSTEM_WAYS:
        raise typer.BadParameter(f"no way {way}; there is: {', '.join(SYSTEM_WAYS)}")
    try:
        databases = Databases.running(data)
        changes = SYSTEM_WAYS[way].changes(databases)
        keep(data, changes)
        databases.carry_out(changes)
    except (Unfit, psycopg.Error) as unfit:
        typer.echo(str(unfit), err=True)
        raise typer.Exit(FAILED) from None
    then = "./alongside audit export --region --out damaged.tar && ./alongside audit verify damaged.tar"
    then = "./alongside audit reconcile" if SYSTEM_WAYS[way].in_a_store else then
    _told(SYSTEM_WAYS[way].told, SYSTEM_WAYS[way].finding, then, as_json)


@tamper.command("undo")
def undo(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Put back every row that `tamper system` changed."""
    try:
        count = put_back(Databases.running(data), data)
    except (Unfit, psycopg.Error) as unfit:
        typer.echo(str(unfit), err=True)
        raise typer.Exit(FAILED) from None
    typer.echo(json.dumps({"rows": count}) if as_json else f"{count} rows are as they were")


def _told(done: str, finding: object, then: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"done": done, "expect": str(finding), "then": then}))
    else:
        typer.echo(f"Done: {done}.\nNow see it found ({finding}): {then}")
