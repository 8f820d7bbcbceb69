"""./alongside audit reconcile: every store and stream against the ledger."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import psycopg
import typer
from nats.errors import Error
from psycopg import AsyncConnection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from services.audit.ledger.formats.findings import Finding, exit_code
from services.audit.ledger.formats.policy import Policy
from services.audit.ledger.growth import heads_of
from services.audit.ledger.noting import Noted, joined, note
from services.audit.ledger.reconcile import Ledger, compare_store, read_ledger
from services.audit.ledger.reconcile_stream import compare_stream
from services.audit.ledger.signed import SigningRefused, last_signed
from services.audit.ledger.watching import copies
from shared.kernel.bus.connection import connect
from shared.kernel.bus.targets import NoTarget, Target, targets
from shared.kernel.cli import FAILED, NOTHING_RUNS
from shared.kernel.notekeys import Malformed
from shared.kernel.projections.origin import StoreOrigin

PATIENCE_SECONDS = 15.0
"""How long a store may be ahead of a ledger that does not move."""
LOOK_SECONDS = 0.25
WINDOW = 20_000

Data = Annotated[Path, typer.Option(help="The data directory of the running system.")]
PolicyFile = Annotated[
    Path | None,
    typer.Option(help="Whose signatures count. Default: ledger/policy.txt in the data directory."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, and no progress bar.")]


@dataclass(frozen=True)
class System:
    """What is reconciled: every service with a store, and audit, which has the ledger."""

    services: Sequence[Target]
    audit: Target
    policy: Policy | None
    state: Path


def reconcile(data: Data = Path(".alongside"), policy: PolicyFile = None, as_json: AsJson = False) -> None:
    """Compare every store, stream and copy with the ledger. Exits 0 when all agree, else as `audit verify` does."""
    try:
        system = _system(data, policy)
        ledger = asyncio.run(_reconcile(system, bar=not as_json))
    except NoTarget as nothing:
        raise _ended(str(nothing), as_json, NOTHING_RUNS) from None
    except (Error, OSError, TimeoutError, psycopg.Error) as failure:
        raise _ended(f"a database or the bus does not answer: {failure!r}", as_json, NOTHING_RUNS) from None
    except Malformed as failure:
        raise _ended(str(failure), as_json, FAILED) from None
    found = joined(ledger.findings)
    facts = {source: known.head for source, known in sorted(ledger.sources.items())}
    if as_json:
        shown = [{**_shown(each), "says": str(each)} for each in found]
        typer.echo(json.dumps({"entries": ledger.size, "facts": facts, "findings": shown}, indent=1))
    else:
        for each in found:
            Console().print(str(each), highlight=False, soft_wrap=True)
        told = ", ".join(f"{source} {head}" for source, head in facts.items()) or "no facts"
        says = f"{len(found)} findings" if found else "all agree"
        Console().print(f"{ledger.size} entries ({told}): {says}", highlight=False, soft_wrap=True)
    raise typer.Exit(exit_code(each.finding for each in found))


def _shown(each: Noted) -> dict[str, Any]:
    return {
        "finding": str(each.finding),
        "source": each.source,
        "position": each.position,
        "until": max(each.until, each.position),
        "index": each.index,
        "detail": each.detail,
    }


def _system(data: Path, policy: Path | None) -> System:
    found = targets(data, None)
    audit = next((target for target in found if target.service == "audit"), None)
    if audit is None:
        raise NoTarget(f"no audit service runs on {data}: that is where the ledger is")
    file = policy or data / "ledger" / "policy.txt"
    text = file.read_text() if policy or file.exists() else None
    return System(found, audit, Policy.parse(text) if text else None, data / "ledger")


async def _reconcile(system: System, bar: bool) -> Ledger:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not bar) as progress:

        def telling(what: str, total: int) -> Any:
            task = progress.add_task(what, total=total)
            return lambda at: progress.update(task, completed=at)

        heads = {target.service: StoreOrigin(target.database_url).head() for target in system.services}
        url = system.audit.database_url
        behind = await _settled(url, heads)
        ledger = await asyncio.to_thread(
            read_ledger, url, system.policy, telling("ledger", sum(heads.values()))
        )
        _remembered(ledger, system.state)
        for source, at in behind.items():
            told = "in its store, and not in the ledger"
            ledger.find(Finding.SEQ_GAP, told, source=source, position=at + 1, until=heads[source])
        for target in system.services:
            name, head = target.service, heads[target.service]
            tell = telling(f"{name}: store", head)
            await asyncio.to_thread(compare_store, ledger, name, target.database_url, head, tell)
            bus = await connect(target.nats_url, "auditor", target.auditor_seed)
            try:
                js = bus.jetstream(timeout=5)
                await compare_stream(ledger, js, target.region, name, telling(f"{name}: stream", head))
            finally:
                await bus.close()
        await _copies(ledger, url, telling("audit's copies", ledger.size))
    return ledger


async def _settled(database_url: str, heads: Mapping[str, int]) -> dict[str, int]:
    """Wait until what was recorded is in the ledger; the sources whose ledger does not move, and where it ends."""
    moved, until = -1, 0.0
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        while True:
            ends = await heads_of(connection, heads)
            behind = {source: ends[source] for source, head in heads.items() if head > ends[source]}
            if sum(ends.values()) > moved:
                moved, until = sum(ends.values()), time.monotonic() + PATIENCE_SECONDS
            if not behind or time.monotonic() > until:
                return behind
            await asyncio.sleep(LOOK_SECONDS)


def _remembered(ledger: Ledger, state: Path) -> None:
    """What was signed last, as kept beside the database."""
    try:
        last = last_signed(state)
    except SigningRefused as unreadable:
        ledger.find(Finding.PARSE_ERROR, str(unreadable))
        return
    if last and last.size > ledger.size:
        ledger.find(
            Finding.ROLLBACK, f"a tree of {last.size} was signed, and there are {ledger.size} entries"
        )


async def _copies(ledger: Ledger, database_url: str, tell: Any) -> None:
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        for begin in range(0, ledger.size, WINDOW):
            ledger.findings += await copies(connection, begin, min(ledger.size, begin + WINDOW))
            tell(begin)
        async with connection.transaction():
            await note(connection, ledger.findings, say=False)


def _ended(why: str, as_json: bool, code: int) -> typer.Exit:
    typer.echo(json.dumps({"error": why}) if as_json else f"alongside: {why}", err=not as_json)
    return typer.Exit(code)
