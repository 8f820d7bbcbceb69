"""./alongside events: facts that happened, looked up, followed, and sent again."""

import asyncio
import json
from typing import Annotated, Any

import typer
from rich.json import JSON

from deploy.following import beside, resending
from deploy.following.asked import answered, moment, one
from deploy.following.house import REGION, AsJson, Data, Region, Token, Unanswered, Url, found
from deploy.following.looking import Lookup
from deploy.following.told import Told, console, line
from deploy.following.topics import chosen
from deploy.running import DEFAULT_DATA
from deploy.verbs.listen import Types, listen

MOST = 10_000

events = typer.Typer(
    help="Facts that happened: looked up, followed, sent again.", no_args_is_help=True, add_completion=False
)

Service = Annotated[str | None, typer.Option(help="Only this service.")]
Place = Annotated[str, typer.Argument(help="A fact: SERVICE/POSITION, or its id.")]
Since = Annotated[
    str | None,
    typer.Option(help="Recorded since then: 2026-09-07T12:00:00Z, 2026-09-07, or 15m, 2h, 3d ago."),
]


@events.command()
def ls(
    service: Service = None,
    types: Types = None,
    since: Since = None,
    aggregate: Annotated[
        str | None, typer.Option(help="Only of this record: an id, or session/<id>.")
    ] = None,
    correlation: Annotated[str | None, typer.Option(help="Only of this thread (correlation id).")] = None,
    limit: Annotated[int, typer.Option(help="The newest so many.", min=1, max=MOST)] = 30,
    url: Url = None, region: Region = REGION, token: Token = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """The newest facts, the last one at the end. Exits 0, 1, 2 or 4."""
    house = found(data, url, region, token)
    wanted = chosen(types, house.feeds)
    if service is not None:
        if service not in wanted:
            raise typer.BadParameter(f"--service: {service} is none of {', '.join(wanted)}")
        wanted = {service: wanted[service]}
    begin = moment(since)

    def is_one(told: Told) -> bool:
        head = told.envelope
        whose = aggregate in (None, head.subject, head.subject.rpartition("/")[2])
        return whose and correlation in (None, head.correlationid)

    async def look() -> list[Told]:
        async with house.client() as client:
            lookup = Lookup(house, client)
            each = [newest(lookup, name, topics) for name, topics in wanted.items()]
            facts = [told for kept in await asyncio.gather(*each) for told in kept]
            return sorted(facts, key=lambda told: told.envelope.time)[-limit:]

    async def newest(lookup: Lookup, name: str, topics: list[str]) -> list[Told]:
        kept: list[Told] = []
        async for told in lookup.backwards(name, topics):
            if begin is not None and told.envelope.time < begin:
                break
            if is_one(told):
                kept.append(told)
                if len(kept) == limit:
                    break
        return kept

    facts = answered(look())
    if as_json:
        typer.echo(json.dumps({"items": [told.row() for told in facts]}, indent=1))
        return
    for told in facts:
        console().print(line(told))
    if not facts:
        typer.echo("no fact is like that", err=True)


@events.command()
def show(
    fact: Place, url: Url = None, region: Region = REGION, token: Token = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """One fact: the CloudEvent, its message, its place in the ledger, its deliveries. Exits 0, 1, 2 or 4."""
    house = found(data, url, region, token)

    async def look() -> dict[str, Any]:
        async with house.client() as client:
            told = await one(Lookup(house, client), fact)
            message, leaf = await beside.message(house, told), await beside.leaf(house, client, told)
            try:
                sent = await beside.deliveries(house, client, told)
            except Unanswered:
                sent = []
        places = {"message": message, "ledger": leaf, "deliveries": sent}
        return {**told.row(), "event": told.whole(), "bytes": len(told.state), **places}

    shown = answered(look())
    if as_json:
        typer.echo(json.dumps(shown, indent=1))
        return
    out, event = console(), shown.pop("event")
    out.print(f"{shown['place']}  {shown['type']}", style="bold")
    out.print(JSON.from_data(event))
    kept = {name: shown[name] for name in ("message", "ledger", "deliveries")}
    for name, value in kept.items():
        out.print(name, style="bold")
        out.print(JSON.from_data(value) if value else "  none", style="" if value else "dim")


@events.command()
def tail(
    types: Types = None,
    after: Annotated[int | None, typer.Option(help="Begin after this position; default: what is new.", min=0)] = None,
    stop_after: Annotated[int | None, typer.Option(help="End after so many facts.", min=1)] = None,
    url: Url = None, region: Region = REGION, token: Token = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Facts as they happen, none left out when the line breaks; until Ctrl-C. Exits 0, 1, 2 or 4."""
    listen(
        types=types, after=after, stop_after=stop_after, secret=None, url=url, region=region, token=token,
        data=data, as_json=as_json,
    )  # fmt: skip


@events.command()
def resend(
    fact: Annotated[str | None, typer.Argument(help="One fact: SERVICE/POSITION, or its id.")] = None,
    to: Annotated[str | None, typer.Option(help="The endpoint's id; for one fact all of its endpoints.")] = None,
    types: Types = None,
    since: Since = None,
    state: Annotated[
        list[str] | None, typer.Option(help="failed, dropped or taken; default: failed and dropped.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Send; else it is only said what would be sent.")] = False,
    url: Url = None, region: Region = REGION, token: Token = None, data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Send one fact, or those of a filter, to a webhook endpoint again. Without --yes a dry run. Exits 0, 1, 2, 4."""
    house = found(data, url, region, token)
    if (fact is None) == (to is None and types is None and since is None):
        raise typer.BadParameter("name one fact; or --to ENDPOINT with --types, --since or --state")
    if fact is None and to is None:
        raise typer.BadParameter("--to: name the endpoint; ./alongside webhooks ls lists them")
    topics = [topic for named in chosen(types, house.feeds).values() for topic in named] if types else None

    async def send() -> dict[str, Any]:
        async with house.client() as client:
            if fact is not None:
                return await resending.one(
                    house, client, await one(Lookup(house, client), fact), to, send=yes
                )
            return await resending.several(house, client, str(to), topics, moment(since), state, send=yes)

    done = answered(send())
    if as_json:
        typer.echo(json.dumps(done, indent=1))
    else:
        what = f"{done['queued']} deliveries"
        typer.echo(f"{what} are sent again" if yes else f"{what} would be sent again; --yes sends them")
