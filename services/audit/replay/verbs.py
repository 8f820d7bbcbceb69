"""./alongside replay: the region as it was, and read models beside what the ledger makes of them."""

import json
import time
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from services.audit.replay.comparing import compare
from shared.kernel.cli import FAILED
from shared.kernel.projections.asking import DEFAULT_DATA, AsJson, Asked, Data, one, show

LOOK_SECONDS = 0.3
LISTED = ("id", "state", "percent", "facts_per_second", "seconds_left", "known_at", "on", "result_sha256")

replay = typer.Typer(
    help="What was known when: a whole region again, and read models from the ledger's bytes.",
    no_args_is_help=True,
    add_completion=False,
)

Id = Annotated[str, typer.Argument(help="The replay's id.")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", help="Only what was on record by then: 2026-09-07T12:00:00Z.")
]
On = Annotated[str | None, typer.Option("--on", help="The day; default: that of --known-at.")]
Verified = Annotated[bool, typer.Option(help="Only facts inside the largest tree witnessed by then.")]
Out = Annotated[Path | None, typer.Option(help="Write the answer's bytes here.")]


@replay.command()
def region(
    known_at: KnownAt = None, on: On = None, verified: Verified = False, out: Out = None,
    data: Data = DEFAULT_DATA, as_json: AsJson = False,
) -> None:  # fmt: skip
    """The state of the whole region on a day, as known at a moment. The same command takes it up again."""
    asked = _audit(data)
    body = {"known_at": known_at, "on": on, "verified": verified}
    found = _watched(asked, asked.post("replays", body), as_json)
    _told(asked, found, out, as_json)


@replay.command("ls")
def list_replays(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """The newest replays and how they are."""
    show(_audit(data).get("replays")["items"], LISTED, as_json, "nothing was replayed")


@replay.command()
def cancel(replay_id: Id, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Stop a replay; what is folded is kept."""
    show([_audit(data).post(f"replays/{replay_id}/cancel")], LISTED, as_json, "")


@replay.command()
def resume(replay_id: Id, out: Out = None, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Go on with a replay where it was put down."""
    asked = _audit(data)
    found = _watched(asked, asked.post(f"replays/{replay_id}/resume"), as_json)
    _told(asked, found, out, as_json)


def _audit(data: Path) -> Asked:
    asked = one(data, "audit", role="auditor", under="")
    asked.client.headers["Idempotency-Key"] = str(uuid4())
    return asked


def _watched(asked: Asked, found: dict[str, Any], quiet: bool) -> dict[str, Any]:
    """Show how it goes until it is done. Exits 1 when it stopped before."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True, quiet=quiet)) as progress:
        bar = progress.add_task("region", total=max(found["total"], 1))
        while True:
            text = f"region {found['facts_per_second']:,} facts/s"
            progress.update(bar, completed=found["folded"], description=text)
            if found["state"] not in ("waiting", "folding"):
                break
            time.sleep(LOOK_SECONDS)
            found = asked.get(f"replays/{found['id']}")
        if found["state"] == "done":
            progress.update(bar, completed=max(found["total"], 1))
    if found["state"] != "done":
        typer.echo(f"{found['state']}: {found['error'] or 'the same command takes it up again'}", err=True)
        raise typer.Exit(FAILED)
    return found


def _told(asked: Asked, found: dict[str, Any], out: Path | None, as_json: bool) -> None:
    answer = asked.get(f"replays/{found['id']}/result")
    if out is not None:
        out.write_bytes(
            json.dumps(answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        )
    if as_json:
        typer.echo(json.dumps({"replay": found, **answer}, indent=1))
        return
    shown = {name: answer[name] for name in ("known_at", "on", "fold", "verified", "ledger")}
    Console().print_json(data={**shown, "counts": answer["state"]["counts"]})
    typer.echo(f"{found['total']:,} facts; result_sha256 {answer['result_sha256']}")


replay.command("compare")(compare)
