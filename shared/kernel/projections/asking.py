"""How an operator's verb speaks: to running services over HTTP, and to people or programs on the screen."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.table import Table

from shared.kernel.cli import FAILED, NOTHING_RUNS

DEFAULT_DATA = Path(__file__).resolve().parents[3] / ".alongside"
ANSWER_SECONDS = 120
PAGE = 200
# Where the output goes to a file, lines need not fit a screen.
WIDE = 240

Data = Annotated[Path, typer.Option(help="The data directory of the running system.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
As = Annotated[str, typer.Option("--as", help="Who you are, as ROLE:NAME.")]
OnlyService = Annotated[str | None, typer.Option("--service", help="Only this service.")]

Found: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One running service, as an operator reaches it."""

    service: str
    client: httpx.Client

    def get(self, path: str, **query: Any) -> Any:
        """Its answer; exits as `_answer` does."""
        return self._answer("GET", path, params=_given(query))

    def post(self, path: str, body: Found | None = None, **query: Any) -> Any:
        """Its answer; exits as `_answer` does."""
        return self._answer("POST", path, params=_given(query), json=None if body is None else _given(body))

    def delete(self, path: str) -> Any:
        """Its answer; exits as `_answer` does."""
        return self._answer("DELETE", path)

    def commanding(self) -> "Asked":
        """The same, about to send one command: under a key of its own."""
        self.client.headers["Idempotency-Key"] = str(uuid4())
        return self

    def all(self, path: str, query: Found | None = None, *, most: int | None = None) -> list[Found]:
        """Every item of a list in pages, or the first so many."""
        found: list[Found] = []
        cursor: str | None = None
        while True:
            limit = PAGE if most is None else min(PAGE, most - len(found))
            page = self.get(path, **(query or {}), cursor=cursor, limit=limit)
            found += page["items"]
            cursor = page["next"]
            if not cursor or (most is not None and len(found) >= most):
                return found

    def pages(self, path: str, body: Found) -> Iterator[Found]:
        """Every item of an answer in pages, with the service's name."""
        cursor: str | None = None
        while True:
            page = self.post(path, body | {"after": cursor})
            for item in page["items"]:
                yield {"service": self.service, **item}
            if not (cursor := page["next"]):
                return

    def _answer(self, method: str, path: str, **sent: Any) -> Any:
        """Exits 1 with what the problem says, 4 when the service does not answer."""
        try:
            answer = self.client.request(method, path, **sent)
        except httpx.HTTPError as silent:
            typer.echo(f"{self.service} does not answer: {str(silent) or type(silent).__name__}", err=True)
            raise typer.Exit(NOTHING_RUNS) from None
        if answer.is_error:
            typer.echo(f"{self.service}: {_problem(answer)}", err=True)
            raise typer.Exit(FAILED)
        return answer.json()


def services(
    data: Path,
    only: str | None = None,
    *,
    role: str = "operator",
    name: str = "cli",
    under: str = "/operations",
) -> list[Asked]:
    """The running services that keep facts, asked in a role, under a part of their addresses.

    Exits 4 when none runs, 2 when there is none of that name.
    """
    try:
        described = json.loads((data / "run.json").read_bytes())
        urls = {name: run["url"] for name, run in described["services"].items() if run["database_url"]}
        token = f"dev:{role}:{described['region']}:{name}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        typer.echo(f"nothing runs on {data}; start it with ./alongside up", err=True)
        raise typer.Exit(NOTHING_RUNS) from None
    if only is not None and only not in urls:
        raise typer.BadParameter(f"no service {only} keeps facts here; there is: {', '.join(urls)}")
    return [
        Asked(each, _client(f"{url}{under}/", token)) for each, url in urls.items() if only in (None, each)
    ]


def one(data: Path, service: str, *, role: str = "operator", under: str = "/operations") -> Asked:
    """The running service of this name; exits as `services` does."""
    return services(data, service, role=role, under=under)[0]


def one_as(data: Path, service: str, who: str, *, under: str, example: str) -> Asked:
    """The same, asked by `who` of a verb's `--as`; exits 2 when that is not ROLE:NAME."""
    role, _, name = who.partition(":")
    if not role or not name:
        raise typer.BadParameter(f"--as takes ROLE:NAME, such as {example}")
    return services(data, service, role=role, name=name, under=under)[0]


def _client(url: str, token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=url, headers=headers, timeout=ANSWER_SECONDS, trust_env=False)


def _given(values: Found) -> Found:
    return {name: value for name, value in values.items() if value is not None}


def _problem(answer: httpx.Response) -> str:
    """What went wrong in one line: a problem's detail and fields, never a page."""
    try:
        told = answer.json()
        wrong = [f"{error['field']}: {error['detail']}" for error in told.get("errors") or ()]
        return "; ".join([told.get("detail") or told.get("title") or "", *wrong]).strip("; ")
    except (ValueError, AttributeError, KeyError, TypeError):
        return f"answers {answer.status_code}"


def show(found: list[Found], columns: tuple[str, ...], as_json: bool, nothing: str) -> None:
    """A table for people, which keeps every letter; or {"items": [...]}."""
    if as_json:
        typer.echo(json.dumps({"items": found}, indent=1))
    elif not found:
        typer.echo(nothing)
    else:
        table = Table(box=None)
        for name in columns:
            table.add_column(name, overflow="fold")
        for item in found:
            table.add_row(*["" if item.get(name) is None else str(item[name]) for name in columns])
        Console(width=None if sys.stdout.isatty() else WIDE, markup=False, highlight=False).print(table)


def tell(told: Found, as_json: bool, text: str) -> None:
    """An answer whole for programs, its text for people."""
    typer.echo(json.dumps(told, indent=1) if as_json else text)
