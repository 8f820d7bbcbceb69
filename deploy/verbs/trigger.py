"""./alongside trigger: a fact made to happen on a running system, in development."""

import asyncio
import json
from difflib import get_close_matches
from typing import Annotated, Any

import httpx
import typer
from rich.markup import escape

from deploy.demo.claims import DidNotHold, Exchange
from deploy.following.house import AsJson, Data, House, Unanswered, found
from deploy.following.told import Told, console, line
from deploy.running import DEFAULT_DATA
from deploy.triggering.playing import named, play, scenes
from shared.contracts.fact import find_contract
from shared.kernel.cli import FAILED

Document = dict[str, Any]


def trigger(
    fact: Annotated[
        list[str] | None,
        typer.Argument(help="sessions.SessionLogged.v1 or SessionLogged; several one after the other."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Say which facts can be made to happen.")] = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Plays the public commands that lead to a fact, and says where it is (development). Exits 0, 1, 2 or 4."""
    if list_:
        tell_list(as_json)
        return
    if not fact:
        raise typer.BadParameter("name a fact; --list says which")
    topics = [topic_of(word) for word in fact]
    house = found(data)
    played = []
    for topic in topics:
        played.append(one(house, topic, as_json))
        if not played[-1]["happened"]:
            break
    if as_json:
        typer.echo(json.dumps({"items": played}, indent=1))
    raise typer.Exit(0 if played[-1]["happened"] else FAILED)


def one(house: House, topic: str, as_json: bool) -> Document:
    """Make one happen, and tell of it."""
    out, aside, commands = console(), console(is_error=True), list[Document]()

    def heard(exchange: Exchange) -> None:
        commands.append({"who": exchange.who, "asked": exchange.asked, "status": exchange.status})
        if not as_json:
            aside.print(
                f"[dim]{escape(exchange.who)}  {escape(exchange.asked)}  {exchange.status} {escape(exchange.answered)}"
            )

    try:
        told = asyncio.run(play(house, topic, heard))
    except Unanswered as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(refused.code) from None
    except (DidNotHold, httpx.HTTPError) as failed:
        if not as_json:
            typer.echo(f"{topic} did not happen: {failed}", err=True)
        return {"happened": False, "type": topic, "why": str(failed), "commands": commands}
    if not as_json:
        out.print(line(told))
        aside.print(f"{told.place}  id {told.envelope.id}", style="bold")
    return answer(told, commands)


def answer(told: Told, commands: list[Document]) -> Document:
    return {"happened": True, **told.row(), "commands": commands}


def topic_of(word: str) -> str:
    """The topic of a fact that can be made to happen. Raises BadParameter."""
    facts = named(word)
    if len(facts) == 1:
        return facts[0].topic
    if facts:
        raise typer.BadParameter(f"{word} is of several services: {', '.join(one.topic for one in facts)}")
    contract = find_contract(word)
    if contract is not None:
        raise typer.BadParameter(f"{word} can't be made to happen by commands alone; --list says what can")
    near = get_close_matches(word, [*scenes(), *(topic.split(".")[1] for topic in scenes())], n=3, cutoff=0.5)
    raise typer.BadParameter(
        f"{word}: no such fact{'; perhaps ' + ' or '.join(near) if near else ''}; --list says which"
    )


def tell_list(as_json: bool) -> None:
    """Each with what it is."""
    known = [
        (topic, contract.model.__doc__ or "") for topic in scenes() if (contract := find_contract(topic))
    ]
    if as_json:
        typer.echo(json.dumps({"items": [{"type": topic, "what": what} for topic, what in known]}, indent=1))
        return
    width = max(len(topic) for topic, _ in known)
    for topic, what in known:
        typer.echo(f"{topic:<{width}}  {what.strip().splitlines()[0]}")
