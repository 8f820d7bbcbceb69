"""./alongside training: what an operator does with a running training service."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import httpx
import typer

from shared.kernel.cli import DONE, FAILED, NOTHING_RUNS
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Data, one, show

training = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Completions taken over from a file; keys of credentials.",
)
COLUMNS = ("line", "column", "value", "reason")


@training.command(name="import-completions")
def import_completions(
    file: Annotated[
        Path, typer.Argument(help="CSV with mentor, course, completed_on, evidence.", exists=True)
    ],
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Take over completions from a CSV file. Safe to repeat. Exits 0 all in, 1 rows were rejected, 4 nothing runs."""
    report = _send(file, data)
    if as_json:
        typer.echo(json.dumps(report, indent=1))
    else:
        typer.echo(
            f"{report['read']} read: {report['recorded']} recorded, {report['unchanged']} unchanged, "
            f"{report['rejected_rows']} rejected"
        )
        if report["rejected"]:
            show(report["rejected"], COLUMNS, False, "")
    raise typer.Exit(FAILED if report["rejected_rows"] else DONE)


@training.command(name="badge-keys")
def badge_keys(
    file: Annotated[
        Path, typer.Argument(help="What ALONGSIDE_BADGE_KEYS_FILE names; made when it is missing.")
    ],
) -> None:
    """A new key that signs credentials from the next start on; the earlier ones go on verifying. Exits 0, or 1."""
    from services.training.badges.keys import UnfitKeys, rotate

    try:
        count = rotate(file)
    except (OSError, UnfitKeys) as unfit:
        typer.echo(f"{file}: {unfit}", err=True)
        raise typer.Exit(FAILED) from None
    typer.echo(f"{file} has {count} {'key' if count == 1 else 'keys'}; restart the training service")


def _send(file: Path, data: Path) -> dict[str, Any]:
    """The service's report. Exits 1 with what the problem says, 4 when the service does not answer."""
    client = one(data, "training").client
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "text/csv"}
    try:
        path = client.base_url.join("../completions/import")
        answer = client.post(path, content=file.read_bytes(), headers=headers)
        told: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as silent:
        typer.echo(f"training does not answer: {str(silent) or type(silent).__name__}", err=True)
        raise typer.Exit(NOTHING_RUNS) from None
    if answer.is_error:
        typer.echo(f"training: {told.get('detail', answer.status_code)}", err=True)
        raise typer.Exit(FAILED)
    return told
