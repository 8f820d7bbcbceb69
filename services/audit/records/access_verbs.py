"""./alongside subject-access: a person's whole record in a folder, readable and with proofs."""

import base64
import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import httpx
import typer

from shared.kernel.cli import DONE, FAILED, NOTHING_RUNS
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Data, one

USAGE = 2


def subject_access(
    out: Annotated[Path, typer.Option("--out", help="A folder that is not there yet.")],
    child: Annotated[str | None, typer.Option("--child", help="The child's id.")] = None,
    mentor: Annotated[str | None, typer.Option("--mentor", help="The mentor's id.")] = None,
    to: Annotated[
        str,
        typer.Option(
            help="Whom it is for: subject, parent, representative, local_authority, regulator, court."
        ),
    ] = "subject",
    role: Annotated[str, typer.Option(help="Who gives it: compliance, manager or dsl.")] = "compliance",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """A person's whole record, in words and with proofs. Exits 0 written, 1 refused, 2 wrong use, 4 nothing runs."""
    if (child is None) == (mentor is None):
        typer.echo("name one person: --child or --mentor", err=True)
        raise typer.Exit(USAGE)
    if out.exists():
        typer.echo(f"{out} is there already; name a folder that is not", err=True)
        raise typer.Exit(USAGE)
    told = _ask({"child_id": child, "mentor_id": mentor, "disclosed_to": to}, role, data)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(told["archive"]))) as archive:
        # A folder for those who hold personal data, and nobody else on this machine.
        out.mkdir(parents=True, mode=0o700)
        archive.extractall(out)
    if sha256((out / "SHA256SUMS").read_bytes()).hexdigest() != told["sha256"]:
        typer.echo("what arrived is not what was recorded; delete it and ask again", err=True)
        raise typer.Exit(FAILED)
    if as_json:
        typer.echo(json.dumps({name: value for name, value in told.items() if name != "archive"}))
    else:
        typer.echo(f"{told['facts_in_it']} facts in {out}; open {out / 'record.html'}")
        typer.echo(f"on record as disclosure {told['disclosure_id']}, sha256 {told['sha256']}")
    raise typer.Exit(DONE)


def _ask(asked: dict[str, str | None], role: str, data: Path) -> dict[str, Any]:
    client = one(data, "audit", role=role, under="").client
    try:
        answer = client.post("subject-access", json=asked, headers={"Idempotency-Key": str(uuid4())})
        told: dict[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as silent:
        typer.echo(f"audit does not answer: {str(silent) or type(silent).__name__}", err=True)
        raise typer.Exit(NOTHING_RUNS) from None
    if answer.is_error:
        typer.echo(f"audit: {told.get('detail', answer.status_code)}", err=True)
        raise typer.Exit(FAILED)
    return told
