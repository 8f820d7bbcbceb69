"""The system whose facts are followed: one that runs here, or one that was named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from deploy import running
from deploy.demo.calling import STORES
from deploy.embedded import REGION
from shared.kernel.cli import FAILED, NOTHING_RUNS

LEDGER = "audit"
FEEDS = tuple(name for name in STORES if name != LEDGER)
"""The services that hand out their facts."""

Data = Annotated[Path, typer.Option(help="The data directory of the running system.")]
Url = Annotated[
    list[str] | None,
    typer.Option(help="Another system: one address for all services, or NAME=URL for each."),
]
Region = Annotated[str, typer.Option(help="Region of the system that --url names.")]
Token = Annotated[
    str | None,
    typer.Option(
        help="Ask with an integrator's token (asi_...) instead of as operator.", envvar="ALONGSIDE_TOKEN"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON: one object a line where it goes on, else one.")]

__all__ = [
    "FEEDS",
    "LEDGER",
    "REGION",
    "AsJson",
    "Data",
    "House",
    "Region",
    "Token",
    "Unanswered",
    "Url",
    "found",
]


class Unanswered(Exception):
    """A service said no, or nothing. `code` is the exit code that goes with it."""

    def __init__(self, told: str, code: int = FAILED) -> None:
        super().__init__(told)
        self.code = code


@dataclass(frozen=True)
class House:
    """Where each service answers, and who asks. `here`: what runs on this machine, as its supervisor says."""

    urls: Mapping[str, str]
    region: str
    token: str = field(repr=False)
    here: running.Running | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def feeds(self) -> list[str]:
        return [name for name in FEEDS if name in self.urls]

    def client(self) -> httpx.AsyncClient:
        """For questions and commands. Close it."""
        return httpx.AsyncClient(headers=self.headers, timeout=60, trust_env=False)

    async def ask(self, client: httpx.AsyncClient, path: str, **query: Any) -> httpx.Response:
        """GET `<service>/...`. Raises Unanswered, unless it is answered or there is no such thing (404)."""
        params = {name: str(value) for name, value in query.items() if value is not None}
        return await self.sent(client, "GET", path, params=params)

    async def sent(self, client: httpx.AsyncClient, method: str, path: str, **more: Any) -> httpx.Response:
        service, _, rest = path.partition("/")
        if service not in self.urls:
            raise Unanswered(f"no address of {service} is known", NOTHING_RUNS)
        try:
            answer = await client.request(method, f"{self.urls[service]}/{rest}", **more)
        except httpx.HTTPError as silent:
            told = f"{service} does not answer: {str(silent) or type(silent).__name__}"
            raise Unanswered(told, NOTHING_RUNS) from None
        if answer.is_error and answer.status_code != 404:
            raise Unanswered(f"{service}: {problem(answer)}")
        return answer


def found(data: Path, urls: list[str] | None = None, region: str = REGION, token: str | None = None) -> House:
    """The system that was named, else the one that runs on the data directory; exits 4 when there is none."""
    if urls:
        return House(_named(urls), region, token or f"dev:operator:{region}:cli")
    here = running.find(data)
    if here is None:
        typer.echo(f"nothing runs on {data}; start it with ./alongside up", err=True)
        raise typer.Exit(NOTHING_RUNS)
    return House(here.urls, here.region, token or f"dev:operator:{here.region}:cli", here)


def _named(urls: list[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for word in urls:
        name, equals, address = word.partition("=")
        if equals and name in STORES:
            named[name] = address.rstrip("/")
        elif word.startswith(("http://", "https://")):
            named = {service: f"{word.rstrip('/')}/{service}" for service in STORES} | named
        else:
            raise typer.BadParameter(
                f"{word!r}: write an address, or NAME=URL, NAME one of {', '.join(STORES)}"
            )
    return named


def problem(answer: httpx.Response) -> str:
    """What went wrong, in one line."""
    try:
        told = answer.json()
        return str(told.get("detail") or told["title"])
    except (ValueError, KeyError, AttributeError):
        return f"answers {answer.status_code}"
