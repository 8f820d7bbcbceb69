"""./alongside integrator: who outside the house may read which facts."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from nats.errors import Error

from deploy import running
from deploy.nats import registering, snippets
from deploy.nats.declaration import api_prefix, granted, integrator_account
from deploy.nats.house import INTEGRATORS
from deploy.nats.letting_in import NotLetIn
from deploy.nats.registering import NotRegistered, Secrets
from deploy.running import DEFAULT_DATA, Running
from shared.kernel.cli import FAILED, NOTHING_RUNS, REFUSED
from shared.kernel.integrators import Integrator, Integrators, NotGrantable

integrator = typer.Typer(add_completion=False, no_args_is_help=True, help="Integrators and their grants.")

Name = Annotated[str, typer.Argument(help="a-z, 0-9 and hyphens.")]
Data = Annotated[Path, typer.Option(help="The data directory of the running system.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@integrator.command()
def add(
    name: Name,
    facts: Annotated[
        str,
        typer.Option(help="Full names, or a service's open facts: 'sessions.SessionLogged.v1,training.*'."),
    ],
    region: Annotated[str | None, typer.Option(help="The region whose facts; the house's own.")] = None,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Let somebody read these facts. Their key and token are shown once and kept nowhere."""
    house = _house(data, as_json)
    wanted = [word.strip() for word in facts.split(",") if word.strip()]
    try:
        made, fresh, warnings = asyncio.run(registering.add(house, name, wanted, region or house.region))
    except (NotRegistered, NotGrantable) as refused:
        _fail(str(refused), as_json, REFUSED)
    except (NotLetIn, Error, OSError, TimeoutError) as failure:
        _fail(f"the bus does not answer: {str(failure) or type(failure).__name__}", as_json, FAILED)
    _show(house, made, fresh, warnings, as_json)


@integrator.command()
def rotate(name: Name, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Give them a new key and a new token; the old ones stop at once. Where they are in their facts stays."""
    house = _house(data, as_json)
    try:
        made, fresh = asyncio.run(registering.rotate(house, name))
    except NotRegistered as refused:
        _fail(str(refused), as_json, REFUSED)
    except (NotLetIn, Error, OSError, TimeoutError) as failure:
        _fail(f"the bus does not answer: {str(failure) or type(failure).__name__}", as_json, FAILED)
    _show(house, made, fresh, [], as_json)


@integrator.command()
def remove(name: Name, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Put them out, and delete their durables."""
    house = _house(data, as_json)
    try:
        gone = asyncio.run(registering.remove(house, name))
    except NotRegistered as refused:
        _fail(str(refused), as_json, REFUSED)
    except (NotLetIn, Error, OSError, TimeoutError) as failure:
        _fail(f"the bus does not answer: {str(failure) or type(failure).__name__}", as_json, FAILED)
    deleted = [grant.durable for grant in granted(house.region, gone)]
    if as_json:
        typer.echo(json.dumps({"removed": name, "durables": deleted}, indent=1))
    else:
        typer.echo(f"{name} is out; {len(deleted)} durables deleted")


@integrator.command()
def ls(data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Who there is, and what each may read."""
    known = Integrators(data / INTEGRATORS).all()
    if as_json:
        typer.echo(json.dumps({"integrators": [one.as_json() for one in known]}, indent=1))
        return
    for one in known:
        regions = ", ".join(sorted(one.regions))
        typer.echo(f"{one.name}  {regions}  since {one.added_at:%Y-%m-%d}  {', '.join(sorted(one.facts))}")
    if not known:
        typer.echo("no integrators; ./alongside integrator add NAME --facts ... lets one in")


def _house(data: Path, as_json: bool) -> Running:
    found = running.find(data)
    if found is None:
        _fail(f"nothing runs on {data}; start it with ./alongside up", as_json, NOTHING_RUNS)
    return found


def _show(house: Running, made: Integrator, fresh: Secrets, warnings: list[str], as_json: bool) -> None:
    grants = granted(house.region, made)
    first = grants[0]
    if "nats" not in house.engines:
        warnings = [
            *warnings,
            f"your own server must take over {house.data}/nats/accounts.conf and reload it",
        ]
    if as_json:
        told: dict[str, Any] = {
            **made.as_json(),
            "nkey_seed": fresh.nkey_seed,
            "token": fresh.token,
            "url": house.nats_url,
            "account": integrator_account(made.name),
            "api_prefix": api_prefix(house.region),
            "durables": [
                {"fact": one.topic, "stream": one.stream, "durable": one.durable, "filter": one.filter}
                for one in grants
            ],
            "warnings": warnings,
            "python": snippets.python(house.nats_url, made.name, first),
            "nats": snippets.commands(house.nats_url, made.name, first),
        }
        typer.echo(json.dumps(told, indent=1))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    lines = [
        f"{made.name} may read {len(grants)} facts of {house.region}. Both secrets are shown once and kept nowhere:",
        "",
        f"  bus    {house.nats_url}  NKEY seed {fresh.nkey_seed}   (in a file {made.name}.nk)",
        f"  HTTP   Authorization: Bearer {fresh.token}",
        "",
        *(f"  {one.topic:<45} stream {one.stream}  durable {one.durable}" for one in grants),
        "",
        "Python:",
        "",
        snippets.python(house.nats_url, made.name, first),
        "The nats program:",
        "",
        snippets.commands(house.nats_url, made.name, first),
    ]
    typer.echo("\n".join(lines))


def _fail(why: str, as_json: bool, code: int) -> NoReturn:
    typer.echo(json.dumps({"error": why}) if as_json else f"alongside: {why}", err=not as_json)
    raise typer.Exit(code)
