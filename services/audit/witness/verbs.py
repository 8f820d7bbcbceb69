"""./alongside witness: cosign a log's checkpoints, on a machine that the log's operator does not run."""

import asyncio
import json
import logging
import socket
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from services.audit.ledger.formats.cosignature import Witness
from services.audit.ledger.formats.exact import Malformed
from services.audit.ledger.formats.note import Signer, Verifier
from services.audit.witness import identity
from services.audit.witness.app import build, shown
from services.audit.witness.judging import Judge
from services.audit.witness.record import InUse, Record
from shared.kernel.cli import FAILED, REFUSED, USAGE

witness = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a key must not reach a terminal
    help="Cosign a log's checkpoints, so that it cannot show two histories.",
)

DEFAULT_STATE = Path("witness")
State = Annotated[Path, typer.Option(help="Directory in which the witness remembers.")]
Key = Annotated[
    Path | None, typer.Option(help="File of its private key. Default: key in the state directory.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@witness.command()
def key(
    name: Annotated[
        str, typer.Argument(help="Name of the witness, like an address: witness.example.org/one")
    ],
    state: State = DEFAULT_STATE,
    key: Key = None,
) -> None:
    """Make a key and show its public part, for the policies of others. Exits 5 when there is one already."""
    file = key or state / "key"
    try:
        made = identity.make(file, name)
    except FileExistsError:
        raise _ended(f"{file} is there already, and a witness never changes its key", REFUSED) from None
    except Malformed as error:
        raise _ended(str(error), USAGE) from None
    typer.echo(made.vkey())


@witness.command()
def serve(
    log: Annotated[
        list[str], typer.Option(help="Public key of a log (vkey), or a file of them. Repeatable.")
    ],
    state: State = DEFAULT_STATE,
    key: Key = None,
    name: Annotated[str, typer.Option(help="Name for the key, when it has to be made.")] = "",
    listen: Annotated[
        str, typer.Option(help="Address and port; port 0 takes a free one.")
    ] = "127.0.0.1:8470",
) -> None:
    """Run the witness until it is stopped. Exits 5 when another runs on the same state or the port is taken."""
    record = Record(state)
    try:
        with record.held():
            signer = _key(key or state / "key", name)
            judge = Judge(record, signer, _logs(log), lambda: int(time.time()))
            asyncio.run(_serve(judge, _listening(listen)))
    except InUse as error:
        raise _ended(str(error), REFUSED) from None
    except (Malformed, OSError) as error:
        raise _ended(str(error), FAILED) from None


@witness.command()
def status(state: State = DEFAULT_STATE, key: Key = None, as_json: AsJson = False) -> None:
    """What was cosigned last of each log, read from the state directory, and what was refused."""
    record = Record(state)
    try:
        known = Witness(identity.read(key or state / "key").verifier)
        kept = record.everything(known)
    except (Malformed, OSError) as error:
        raise _ended(str(error), FAILED) from None
    refused = [str(each) for each in record.accusations()]
    if as_json:
        logs = {each.checkpoint.origin: shown(each) for each in kept}
        typer.echo(json.dumps({"name": known.name, "vkey": known.vkey(), "logs": logs, "refused": refused}))
        return
    typer.echo(known.vkey())
    for each in kept:
        told = shown(each) or {}
        typer.echo(
            f"{each.checkpoint.origin}  size {told['size']}  root {told['root']}  {told['cosigned_at']}"
        )
    for path in refused:
        typer.echo(f"refused, kept as evidence: {path}")


def _key(file: Path, name: str) -> Signer:
    if file.exists():
        found = identity.read(file)
        if name and name != found.name:
            raise Malformed(f"the key in {file} is named {found.name}, not {name}")
        return found
    made = identity.make(file, name or f"{socket.gethostname()}/witness")
    typer.echo(f"made the key {file}", err=True)
    return made


def _logs(texts: list[str]) -> list[Verifier]:
    """Public keys, each given as text or as a file with one on each line."""
    found = []
    for text in texts:
        lines = [text] if "+" in text else Path(text).read_text().splitlines()
        found += [Verifier.parse(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    return found


def _listening(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise _ended(f"not an address and port: {address}", USAGE)
    try:
        return socket.create_server((host.strip("[]"), int(port)), family=_family(host), backlog=128)
    except OSError as error:
        raise _ended(f"cannot listen on {address}: {error.strerror}", REFUSED) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


async def _serve(judge: Judge, listening: socket.socket) -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    config = uvicorn.Config(
        build(judge),
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=256,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
        lifespan="off",
    )
    host, port = listening.getsockname()[:2]
    typer.echo(f"{judge.key.vkey()}\nlistening on http://{host}:{port}")
    await uvicorn.Server(config).serve([listening])


def _ended(why: str, code: int) -> typer.Exit:
    typer.echo(f"witness: {why}", err=True)
    return typer.Exit(code)
