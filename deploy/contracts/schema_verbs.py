"""The published facts: list them, show one, compare two, check contracts or events."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

import shared.contracts.all  # noqa: F401  (registers every fact)
from deploy.contracts.asyncapi import more
from deploy.contracts.consumers import committed
from deploy.contracts.differences import differences, fields
from deploy.contracts.entries import Entry, entries
from deploy.contracts.judging import Judged, judge_text
from deploy.contracts.releases import House
from deploy.contracts.then import NotThere, changes, schema_at, schemas_at
from shared.contracts.fact import contracts
from shared.contracts.schema import Schema
from shared.kernel.cli import FAILED, USAGE

ROOT = Path(__file__).resolve().parents[2]

schema = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@schema.command("ls")
def list_facts(
    words: Annotated[
        list[str] | None, typer.Argument(help="Only with all of these words, in fields too.")
    ] = None,
    service: Annotated[str, typer.Option(help="Only of this service.")] = "",
    privacy: Annotated[str, typer.Option(help="Only open, sealed or restricted ones.")] = "",
    aggregate: Annotated[str, typer.Option(help="Only decided by this.")] = "",
    reader: Annotated[str, typer.Option(help="Only read by this service.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the published facts."""
    found = [
        one
        for one in _entries()
        if service in ("", one.contract.service)
        and privacy in ("", one.contract.privacy)
        and aggregate in ("", one.contract.aggregate)
        and reader in ("", *(each.service for each in one.consumers if not each.keeps_bytes))
        and all(word.lower() in _text(one) for word in words or ())
    ]
    if as_json:
        typer.echo(
            json.dumps([{"topic": one.topic, "means": _means(one), **more(one)} for one in found], indent=1)
        )
        return
    width = max((len(one.topic) for one in found), default=0)
    for one in found:
        typer.echo(f"{one.topic:{width}}  {one.contract.privacy:10}  {_means(one)}")
    typer.echo(f"{len(found)} facts")


@schema.command()
def show(
    fact: Annotated[str, typer.Argument(help="Its topic: sessions.SessionApproved.v1; or a part of it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print its JSON Schema.")] = False,
) -> None:
    """Show a fact: its fields, who reads it, its subject, and an example as it travels."""
    entry = _entry(fact)
    if as_json:
        typer.echo(json.dumps(entry.schema, indent=2, ensure_ascii=False))
        return
    from deploy.contracts.catalogue import section

    typer.echo(section(entry))
    typer.echo(json.dumps(entry.event, indent=1, ensure_ascii=False))


@schema.command()
def diff(
    before: Annotated[
        str,
        typer.Argument(help="A topic, topic@REVISION of git, a schema's file; or @REVISION for all facts."),
    ],
    after: Annotated[str, typer.Argument(help="Another; without it, today's of the same topic.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what differs between two versions of a fact, or between then and now."""
    try:
        found = _all_changes(before[1:]) if before.startswith("@") else _changes(before, after)
    except NotThere as missing:
        typer.echo(str(missing), err=True)
        raise typer.Exit(USAGE) from None
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for topic, lines in found.items():
        for line in lines:
            typer.echo(f"{topic}: {line}" if before.startswith("@") else line)
    if not any(found.values()):
        typer.echo("no difference")


def _all_changes(revision: str) -> dict[str, list[str]]:
    return changes(schemas_at(ROOT, revision), {one.topic: one.schema for one in _entries()})


def _changes(before: str, after: str) -> dict[str, list[str]]:
    name = after or before.partition("@")[0]
    return {name: differences(_schema(before), _schema(name))}


@schema.command()
def check(
    files: Annotated[
        list[str] | None, typer.Argument(help="Events: JSON, JSON lines or a page of a feed; - is stdin.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the contracts as CI does; with files, check events against the catalogue."""
    if not files:
        command = [sys.executable, "-P", "-m", "deploy.contracts.check", *(["--json"] if as_json else [])]
        raise typer.Exit(subprocess.run(command, cwd=ROOT, check=False).returncode)
    judged = [one for name in files for one in _judged(name)]
    wrong = [one for one in judged if one.wrong]
    if as_json:
        shown = [
            {"place": one.place, "type": one.topic, "wrong": [vars(each) for each in one.wrong]}
            for one in wrong
        ]
        typer.echo(json.dumps({"ok": not wrong, "events": len(judged), "wrong": shown}, indent=1))
    else:
        for one in wrong:
            typer.echo(f"{one.place} {one.topic}")
            for each in one.wrong:
                typer.echo(f"  {each}")
        typer.echo(f"{len(judged)} events, {len(wrong)} with something wrong")
    raise typer.Exit(FAILED if wrong or not judged else 0)


def _judged(name: str) -> Iterator[Judged]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text()
    except (OSError, UnicodeDecodeError) as unreadable:
        typer.echo(f"{name} can't be read: {unreadable}", err=True)
        raise typer.Exit(USAGE) from None
    yield from judge_text(name, text)


def _entries() -> Sequence[Entry]:
    house = House(ROOT)
    return entries(house, contracts(), committed(house.consumers))


def _entry(name: str) -> Entry:
    """The fact of this topic, or the only one whose topic has this in it."""
    found = _entries()
    exact = [one for one in found if one.topic == name]
    near = exact or [one for one in found if name.lower() in one.topic.lower()]
    if len(near) == 1:
        return near[0]
    close = [one.topic for one in near] or get_close_matches(
        name, [one.topic for one in found], n=3, cutoff=0.4
    )
    typer.echo(f"{name} is {'several facts' if near else 'no published fact'}: {', '.join(close)}", err=True)
    raise typer.Exit(USAGE)


def _schema(name: str) -> Schema:
    path, (topic, _, revision) = Path(name), name.partition("@")
    if path.suffix == ".json" and path.exists():
        found: Schema = json.loads(path.read_text())
        return found
    return schema_at(ROOT, revision, topic) if revision else _entry(topic).schema


def _text(entry: Entry) -> str:
    """Everything that a search looks at: names and meanings, of the fields too."""
    within = " ".join(f"{name} {field.meaning}" for name, field in fields(entry.schema))
    return f"{entry.topic} {_means(entry)} {within}".lower()


def _means(entry: Entry) -> str:
    return " ".join(str(entry.schema.get("description", "")).split())
