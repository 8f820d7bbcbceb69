"""./alongside status: how each running service is doing."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.table import Table

from deploy import running
from shared.kernel.cli import NOT_READY, NOTHING_RUNS

Document = dict[str, Any]


def status(
    data: Annotated[
        Path, typer.Option(help="The data directory of the running system.")
    ] = running.DEFAULT_DATA,
    as_json: Annotated[bool, typer.Option("--json", help="The services' own documents, unchanged.")] = False,
) -> None:
    """Per service: ready, head, relay, each projection's lag and parked facts. Exits 0, 3 or 4."""
    found = running.find(data)
    if found is None:
        if as_json:
            typer.echo(json.dumps({"running": False, "ready": False, "data": str(data), "services": {}}))
        else:
            typer.echo(f"nothing runs on {data}; start it with ./alongside up")
        raise typer.Exit(NOTHING_RUNS)
    documents = ask_all(found.urls)
    ready = bool(documents) and all(document.get("ready") is True for document in documents.values())
    if as_json:
        whole = {
            "running": True,
            "ready": ready,
            "state": found.state,
            "data": str(found.data),
            "services": documents,
        }
        typer.echo(json.dumps(whole, indent=1))
    else:
        Console(width=None if sys.stdout.isatty() else 120).print(
            table(documents), *reasons(documents), sep="\n"
        )
    raise typer.Exit(0 if ready else NOT_READY)


def ask_all(urls: dict[str, str]) -> dict[str, Document]:
    with httpx.Client(timeout=5, trust_env=False) as client, ThreadPoolExecutor(max(len(urls), 1)) as pool:
        answers = pool.map(lambda url: ask(client, url), urls.values())
        return dict(zip(urls, answers, strict=True))


def ask(client: httpx.Client, url: str) -> Document:
    """The service's /status document, or one that says why there is none."""
    try:
        answer = client.get(f"{url}/status").raise_for_status().json()
    except (httpx.HTTPError, ValueError) as silent:
        return {
            "ready": False,
            "checks": {"answers": {"ok": False, "detail": f"{type(silent).__name__}: {silent}"}},
        }
    return answer if isinstance(answer, dict) else {"ready": False, "checks": {}}


def table(documents: dict[str, Document]) -> Table:
    drawn = Table("service", "ready", "head", "relay", "projection", "behind", "late", "parked", box=None)
    for place, column in enumerate(drawn.columns):
        column.justify = "left" if place in (0, 1, 4) else "right"
        column.no_wrap = True
    for name, document in documents.items():
        relay = document.get("relay") or {}
        first = [
            name,
            "yes" if document.get("ready") else "[red]no[/red]",
            text(document, "head"),
            text(relay, "position"),
        ]
        projections = document.get("projections") or []
        if not projections:
            drawn.add_row(*first)
        for place, one in enumerate(projections):
            parked = text(one, "parked")
            shown = [f"{one.get('name')} < {one.get('source')}", text(one, "lag_facts"), seconds(one), parked]
            drawn.add_row(*(first if place == 0 else [""] * 4), *shown)
    return drawn


def text(document: Document, key: str) -> str:
    value = document.get(key)
    return "" if value is None else str(value)


def seconds(projection: Document) -> str:
    late = projection.get("lag_seconds")
    return f"{late:.1f} s" if isinstance(late, int | float) else ""


def reasons(documents: dict[str, Document]) -> list[str]:
    """One line for each check that fails."""
    found = []
    for name, document in documents.items():
        for check, result in (document.get("checks") or {}).items():
            if not result.get("ok"):
                found.append(f"[red]{name}[/red] {check}: {result.get('detail', '')}")
    return found
