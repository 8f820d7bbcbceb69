"""./alongside keyring: its epochs and how far erasures hold, the next epoch, and whether it is whole."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import psycopg
import typer

from shared.kernel.cli import DONE, FAILED, NOTHING_RUNS, REFUSED
from shared.kernel.sealing import examining, rotation
from shared.kernel.sealing.epochs import EpochKeyMissing, EpochKeyUnfit, Epochs

keyring = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Keys of personal data: epochs, erasure horizon, damage."
)

Data = Annotated[Path, typer.Option(help="The data directory of the running system.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]

OWNER_URL, EPOCH_KEYS = "ALONGSIDE_KEYRING_OWNER_URL", "ALONGSIDE_EPOCH_KEYS"


@dataclass(frozen=True, slots=True)
class Place:
    """The keyring's database as its owner, and its directory of epoch keys."""

    url: str = field(repr=False)
    epochs: Epochs


@keyring.command()
def status(data: Data = Path(".alongside"), as_json: AsJson = False) -> None:
    """Epochs, keys, and since when erasures do not yet hold against backups. Exits 0, 4 nothing runs."""
    at = _place(data, as_json)
    try:
        found = examining.status(at.url)
    except psycopg.Error as failure:
        _fail(f"the keyring does not answer: {failure}", as_json, NOTHING_RUNS)
    lines = [f"keys: {sum(found.keys.values())} ({_counted(found.keys)}); destroyed: {found.tombstones}"]
    for epoch in found.epochs:
        ended = f", destroyed {_when(epoch.destroyed_at)}" if epoch.destroyed_at else ""
        lines.append(
            f"epoch {epoch.number}: {epoch.state} since {_when(epoch.made_at)}{ended}, {epoch.keys} keys"
        )
    lines.append(
        f"erasure horizon: {_when(found.horizon)}. What was erased before is in no backup that opens."
    )
    if found.beyond:
        lines.append(
            f"{found.beyond} keys were destroyed since: ./alongside keyring rotate brings them behind it"
        )
    if found.unfinished:
        lines.append("a rotation was begun and is not finished: ./alongside keyring rotate goes on")
    _say({**asdict(found), "unfinished": found.unfinished}, lines, as_json)


@keyring.command()
def rotate(data: Data = Path(".alongside"), as_json: AsJson = False) -> None:
    """Wrap every live key anew and destroy the old epoch's key. Exits 0 done, 1 damaged keys, 5 refused."""
    at = _place(data, as_json)
    steps: list[str] = []
    try:
        done = rotation.rotate(at.url, at.epochs, steps.append)
        now = examining.status(at.url)
    except rotation.KeysDamaged as damaged:
        _fail(str(damaged), as_json, FAILED)
    except (rotation.RotationUnderWay, EpochKeyMissing, EpochKeyUnfit) as refused:
        _fail(f"refused: {refused}", as_json, REFUSED)
    except psycopg.Error as failure:
        _fail(f"the keyring does not answer: {failure}", as_json, NOTHING_RUNS)
    old = ", ".join(str(number) for number in done.destroyed) or "none"
    lines = [
        f"epoch {done.epoch} is current: {done.wrapped} keys wrapped anew, keys of epochs destroyed: {old}",
        f"erasure horizon: {_when(now.horizon)}",
    ]
    _say({**asdict(done), "horizon": now.horizon}, lines, as_json)


@keyring.command()
def verify(data: Data = Path(".alongside"), as_json: AsJson = False) -> None:
    """Unwrap every key and compare what is there with what must be. Exits 0 whole, 1 something is wrong."""
    at = _place(data, as_json)
    try:
        good, findings = examining.verify(at.url, at.epochs)
    except psycopg.Error as failure:
        _fail(f"the keyring does not answer: {failure}", as_json, NOTHING_RUNS)
    lines = [*findings, f"{good} keys can be unwrapped" + ("" if findings else "; the keyring is whole")]
    _say({"keys": good, "findings": findings}, lines, as_json)
    raise typer.Exit(FAILED if findings else DONE)


def _place(data: Path, as_json: bool) -> Place:
    """The keyring of the system whose run.json is in `data`; else the one that the environment names."""
    file = data / "run.json"
    if file.exists():
        run = json.loads(file.read_text())
        return Place(run["keyring_url"], Epochs(Path(run["epoch_keys"])))
    url, folder = os.environ.get(OWNER_URL), os.environ.get(EPOCH_KEYS)
    if not (url and folder):
        _fail(
            f"nothing runs on {data}; else {OWNER_URL} and {EPOCH_KEYS} say where it is",
            as_json,
            NOTHING_RUNS,
        )
    return Place(url, Epochs(Path(folder)))


def _say(document: Mapping[str, Any], lines: list[str], as_json: bool) -> None:
    typer.echo(json.dumps(document, indent=1, default=_as_text) if as_json else "\n".join(lines))


def _fail(text: str, as_json: bool, code: int) -> NoReturn:
    typer.echo(json.dumps({"error": text}) if as_json else f"alongside: {text}", err=not as_json)
    raise typer.Exit(code)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S %Z}"


def _counted(keys: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {keep}" for keep, count in keys.items()) or "none yet"
