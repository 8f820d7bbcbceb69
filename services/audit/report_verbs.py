"""./alongside ask report, report-rebuilt: an answer given out for good, and had again."""

import json
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console

from shared.kernel.cli import FAILED
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Asked, Data, one

Kind = Annotated[
    str,
    typer.Option(
        "--kind", help="child-state, region-state, child-timeline, or a question: who-supported ..."
    ),
]
About = Annotated[
    list[str] | None,
    typer.Option(
        "--about", help="What it is about: child_id=..., on=2026-09-07, from=... (may be repeated)."
    ),
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", help="Only what was on record by then: 2026-09-07T12:00:00Z.")
]
Verified = Annotated[bool, typer.Option(help="Only facts inside the largest tree witnessed by then.")]
Purpose = Annotated[
    str | None, typer.Option(help="Why you look; as auditor `investigation` opens personal text.")
]
ReportId = Annotated[str, typer.Option("--report", help="The report's id.")]
Out = Annotated[Path | None, typer.Option(help="Write the report's bytes here.")]


def report(
    kind: Kind, about: About = None, known_at: KnownAt = None, verified: Verified = False,
    purpose: Purpose = None, out: Out = None, data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Issue a report: its digest, and all that it takes to write it again, are on record from then on."""
    asked = _audit(data, purpose)
    pairs = dict(_pair(pair) for pair in about or ())
    body = {"kind": kind, "asked": pairs, "known_at": known_at, "verified": verified}
    issued = asked.post("reports", body)
    if out is not None:
        out.write_bytes(asked.client.get(f"reports/{issued['report_id']}").content)
    _print({name: issued[name] for name in ("report_id", "sha256", "length")}, as_json)


def report_rebuilt(
    report_id: ReportId, purpose: Purpose = None, out: Out = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """10. Is a report, rebuilt from the ledger as it was known then, the same byte for byte? Exits 1 when not."""
    asked = _audit(data, purpose)
    found = asked.get(f"reports/{report_id}/rebuild")
    _print(found, as_json)
    if not found["identical"]:
        raise typer.Exit(FAILED)
    if out is not None:
        out.write_bytes(asked.client.get(f"reports/{report_id}").content)


def _audit(data: Path, purpose: str | None) -> Asked:
    asked = one(data, "audit", role="auditor", under="")
    asked.client.headers["Idempotency-Key"] = str(uuid4())
    if purpose:
        asked.client.headers["Alongside-Purpose"] = purpose
    return asked


def _pair(pair: str) -> tuple[str, str]:
    name, separator, value = pair.partition("=")
    if not separator:
        raise typer.BadParameter(f"{pair!r}: write it as name=value, such as on=2026-09-07")
    return name, value


def _print(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(answer, indent=1))
    else:
        Console().print_json(data=answer)
